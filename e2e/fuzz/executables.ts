import { createHash } from "node:crypto";
import { LIMITS } from "../../protocol/limits.ts";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { HubUnderFire } from "./hub-under-fire.ts";
import { pick } from "./mutate.ts";

/** What the hub may answer to a module that it cannot read, or can. */
const STATED: ReadonlySet<number> = new Set([200, 201, 202, 400, 413, 422, 429, 503]);

const nested = (open: string, close: string, depth: number) => `export default ${open.repeat(depth)}0${close.repeat(depth)}`;

/** Modules that have brought parsers down, each by its name. */
export const EXTREME_SOURCES: Readonly<Record<string, () => Uint8Array>> = {
  "no bytes but white space": () => Buffer.from(" \n\t"),
  "a byte order mark": () => Buffer.from("\ufeffexport default (n) => n"),
  "UTF-8 that is none": () => Buffer.from([...Buffer.from("export default () => \""), 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, ...Buffer.from("\"")]),
  "UTF-16": () => Buffer.from("export default (n) => n", "utf16le"),
  "NUL bytes": () => Buffer.from("export default (n) => n\0\0"),
  "a thousand parentheses": () => Buffer.from(nested("(", ")", 1_000)),
  "a hundred thousand parentheses": () => Buffer.from(nested("(", ")", 100_000)),
  "a hundred thousand functions": () => Buffer.from(nested("()=>", "", 100_000)),
  "a hundred thousand arrays": () => Buffer.from(nested("[", "]", 100_000)),
  "a hundred thousand templates": () => Buffer.from(nested("`${", "}`", 100_000)),
  "a hundred thousand patterns": () => Buffer.from(`export default (${"[".repeat(100_000)}a${"]".repeat(100_000)}) => 1`),
  "sixteen MiB of brackets": () => Buffer.alloc(LIMITS.executableBytes, "["),
  "sixteen MiB in one line": () => Buffer.concat([Buffer.from("export default () => \""), Buffer.alloc(LIMITS.executableBytes - 30, "x"), Buffer.from("\"")]),
  "one byte more than an Executable may have": () => Buffer.alloc(LIMITS.executableBytes + 1, " "),
  "a million statements": () => Buffer.from(`${"a;".repeat(1_000_000)}export default 1`),
  "a chain of a hundred thousand operators": () => Buffer.from(`export default () => 1${"+1".repeat(100_000)}`),
  "a chain of a hundred thousand members": () => Buffer.from(`export default () => a${".a".repeat(100_000)}`),
  "a chain of a hundred thousand else-ifs": () => Buffer.from(`export default () => { ${"if (a) {} else ".repeat(100_000)}{} }`),
  "a regular expression that goes back for ever": () => Buffer.from(`export default () => /${"(a+)+".repeat(1_000)}$/.test("${"a".repeat(50_000)}!")`),
  "a regular expression of a hundred thousand groups": () => Buffer.from(`export default /${"(".repeat(100_000)}${")".repeat(100_000)}/v`),
  "a hundred thousand imports": () => Buffer.from(`${Array.from({ length: 100_000 }, (_, i) => `import a${i} from "x${i}";`).join("")}export default 1`),
  "a hundred thousand exports": () => Buffer.from(`${Array.from({ length: 100_000 }, (_, i) => `export const a${i} = ${i};`).join("")}export default 1`),
  "a huge number": () => Buffer.from(`export default ${"9".repeat(1_000_000)}n`),
  "a view without end": () => Buffer.from(`export const view = ${"{\"a\":".repeat(20_000)}1${"}".repeat(20_000)}; export default 1`),
  "a view of prototypes": () => Buffer.from("export const view = { __proto__: { kind: \"image\" }, constructor: 1, get kind() { while (true); } }; export default 1"),
  "HTML comments": () => Buffer.from("<!-- x\nexport default 1\n--> y"),
  "a hashbang": () => Buffer.from("#!/usr/bin/env node\nexport default 1"),
  "every way to say default": () => Buffer.from("const a = 1; export { a as default }; export default a; export * as default from \"y\";"),
  "default under a string": () => Buffer.from("const a = 1; export { a as \"default\", a as \"\\ud800\" };"),
  "top-level await, import.meta and a dynamic import": () => Buffer.from("await 0; import.meta.url; const x = import(`data:text/javascript,${1}`); export default () => x"),
  "a source map of a stranger": () => Buffer.from("export default 1\n//# sourceMappingURL=http://127.0.0.1:1/x"),
  "line ends of every kind": () => Buffer.from("export default\r\n(\u2028n\u2029)\u0085=>\vn\f;"),
};

const PIECES: readonly [string, ...string[]] = [
  "export default ", "export ", "import ", "(n) => n", "function ", "class A { #x; static { } get a() { } }", "async ", "await ", "yield ", "{", "}", "(", ")", "[", "]", "`${", "}`", "=>", "...", "?.", "??=", "/", "/[", "//", "/*", "*/", "'", "\"",
  "0x", "1_0", "08", "1n", "\\u{110000}", "\\u0061", "\u2028", "\ufeff", "\0", "as default", "from 'x'", "with { type: 'json' }", "import.meta", "new.target", "super", "this", "let ", "static ", "enum ", "using ", "@dec ", "<!--", "-->", "#!", "# private",
  "export const view = { kind: 'image', width: 1e9, height: -1 };", "export const view = view;", "export const inputs = [1];", "export { a as default }", "var a = 1;", "\n", ";", ",", ":",
];

/** Pieces of modules in any order. */
export function mixedSource(seed: number): string {
  const random = new SeededRandom(seed);
  return Array.from({ length: 1 + random.below(30) }, () => pick(random, PIECES)).join(random.below(2) === 0 ? "" : " ");
}

/** Modules of every malformed kind, stored and submitted, beside honest work. */
export class ExecutableCampaign {
  readonly fire: HubUnderFire;
  sent = 0;

  private constructor(fire: HubUnderFire) {
    this.fire = fire;
  }

  static async start(): Promise<ExecutableCampaign> {
    return new ExecutableCampaign(await HubUnderFire.start());
  }

  async run(seeds: readonly number[]): Promise<void> {
    const honest = this.fire.honestJob();
    honest.catch(() => undefined);
    for (const seed of seeds) await this.store(`mixed source ${seed}`, Buffer.from(mixedSource(seed)));
    await honest;
    this.fire.mustBeWell();
  }

  /** Stores it ahead, and submits a job of it. Answers both statuses; throws where one is not stated. */
  async store(name: string, source: Uint8Array): Promise<readonly number[]> {
    this.sent++;
    const executableId = createHash("sha256").update(source).digest("hex");
    const { url } = this.fire.hub;
    const body = new Uint8Array(source);
    const stored = await fetch(`${url}/api/executables/${executableId}`, { method: "PUT", headers: { "content-type": "text/javascript" }, body });
    await stored.body?.cancel();
    const job = JSON.stringify({ name: "hostile", executable: { source: Buffer.from(source).toString("utf8") }, inputs: [1], options: { requires: { engine: "firefox" } } });
    const submitted = await fetch(`${url}/api/jobs`, { method: "POST", headers: { "content-type": "application/json" }, body: job });
    await submitted.body?.cancel();
    const statuses = [stored.status, submitted.status];
    if (statuses.some((status) => !STATED.has(status))) throw new Error(`The hub answered ${statuses.join(" and ")} to ${name}: ${JSON.stringify(Buffer.from(source.subarray(0, 500)).toString("utf8"))}`);
    return statuses;
  }

  async stop(): Promise<void> {
    await this.fire.stop();
  }
}
