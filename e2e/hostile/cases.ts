import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** One hostile job: a file whose first lines say its claim and how it must end. */
export interface HostileCase {
  /** For example "network/fetch". */
  readonly name: string;
  readonly path: string;
  readonly claim: string;
  /**
   * - answered: its tasks answer the names of what came through, and that is none; contained: so, or by its time;
   * - stopped: by its time; dead: by its time, or because its slot died; refused: at its submission;
   * - failed: with this in its message.
   */
  readonly ends: "answered" | "contained" | "stopped" | "dead" | "refused" | { readonly failed: string };
  /** Which walls it is run against: `policy` is what needs the slot's port, `both` what looks at the first wall itself. */
  readonly walls: "each" | "both" | "policy";
  readonly twice: "no" | "at once" | "in turn";
  /** A Firefox that keeps frames in the process of their page lets this reach the page's own thread; docs/safety.md says so. */
  readonly holdsUpFirefox: boolean;
  /** Time for its task in ms, where it is not to be had in full. */
  readonly timeMs: number | null;
  /** Whether what it leaves running must be gone some seconds after. */
  readonly gone: boolean;
}

const GROUPS = ["network", "authority", "frame", "protocol", "cpu", "floods", "memory"] as const;
type Group = (typeof GROUPS)[number];
/** What may differ between having both walls and having the policy alone is tried with either. */
const TRIED_WITH_EACH: ReadonlySet<Group> = new Set<Group>(["network", "authority"]);

export function casesOf(group: Group): HostileCase[] {
  const folder = join(import.meta.dirname, group);
  return readdirSync(folder).filter((file) => file.endsWith(".js")).sort().map((file) => readCase(group, join(folder, file)));
}

function readCase(group: Group, path: string): HostileCase {
  const [claim = "", ...lines] = readFileSync(path, "utf8").split("\n").filter((line) => line.startsWith("// ")).map((line) => line.slice(3));
  const said = (key: string) => lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2);
  return {
    name: `${group}/${basename(path, ".js")}`, path, claim,
    ends: readEnds(said("ends") ?? "answered"),
    walls: oneOf(said("walls"), ["both", "policy"] as const) ?? (TRIED_WITH_EACH.has(group) ? "each" : "both"),
    twice: oneOf(said("twice"), ["at once", "in turn"] as const) ?? "no",
    holdsUpFirefox: said("firefox") === "holds up the page",
    timeMs: said("time") === undefined ? null : Number(said("time")),
    gone: said("gone") === "true",
  };
}

function readEnds(text: string): HostileCase["ends"] {
  if (text.startsWith("failed: ")) return { failed: text.slice("failed: ".length) };
  const ends = oneOf(text, ["answered", "contained", "stopped", "dead", "refused"] as const);
  if (ends === undefined) throw new Error(`Cannot read a hostile case: "${text}" is no way to end`);
  return ends;
}

function oneOf<T extends string>(text: string | undefined, names: readonly T[]): T | undefined {
  return names.find((name) => name === text);
}

/** The case as one module for a job, what it imports from the network left as it is. */
export function asExecutable({ path }: HostileCase): Promise<string> {
  return bundle(path, "esm");
}

/** The case as text to be evaluated in a document: an expression that gives what its function answers. */
export async function asExpression({ path }: HostileCase, input: object): Promise<string> {
  return `(() => { ${await bundle(path, "iife")}; return hostile.default(${JSON.stringify(input)}); })()`;
}

async function bundle(path: string, format: "esm" | "iife"): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, write: false, format, globalName: "hostile", target: "esnext", external: ["http:*"], logLevel: "silent" });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`Cannot bundle ${path}: it gave no output`);
  return file.text;
}
