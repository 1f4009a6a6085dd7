import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { benchmarkResultSchema, type BenchmarkResult } from "./result.ts";
import { section } from "./table.ts";

const HEAD = `# Results

Made from the files in \`results/\` by \`npm run bench -- report\`; [README.md](README.md) says how each is measured. A figure is the
median of the runs, which the files hold one by one. The ratio says how many times better ours is. Everything of ours is end to
end and durable: a result counts when it is on disk. Hub, servers, peers and the measuring program share the machine.`;

/** Writes a benchmark's result as JSON; answers the file's path. */
export async function saveResult(folder: string, result: BenchmarkResult): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${result.name}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

/** All results in the folder, in the order of `names`; what is named nowhere is not read. */
export async function readResults(folder: string, names: readonly string[]): Promise<BenchmarkResult[]> {
  const files = new Set(await readdir(folder));
  const results: BenchmarkResult[] = [];
  for (const name of names) {
    if (!files.has(`${name}.json`)) continue;
    results.push(benchmarkResultSchema.parse(JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"))));
  }
  return results;
}

/** The text of RESULTS.md. */
export function resultsPage(results: readonly BenchmarkResult[]): string {
  return `${[HEAD, ...results.map(section)].join("\n\n")}\n`;
}
