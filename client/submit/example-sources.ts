/** Sources of the examples by the path of their file, each loaded when it is chosen. */
const SOURCES = import.meta.glob<string>("../../examples/*/job.ts", { query: "?raw", import: "default" });

/** The TypeScript of an example. Throws where the page has no such example. */
export async function loadExampleSource(id: string): Promise<string> {
  const load = SOURCES[`../../examples/${id}/job.ts`];
  if (load === undefined) throw new Error(`Cannot open the example "${id}": this page does not have it. Load the page again.`);
  return load();
}
