import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleJob, BundleError } from "./bundle.ts";
import { loadJobModule } from "./job-module.ts";

let folder: string;
// Inside the checkout, so that npm imports resolve as they do for a submitter.
beforeAll(async () => { folder = await mkdtemp(join(import.meta.dirname, "bundle-test-")); });
afterAll(() => rm(folder, { recursive: true }));

async function jobFile(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

async function fault(file: string): Promise<string> {
  const error: unknown = await bundleJob(file).then(() => undefined, (reason: unknown) => reason);
  if (error instanceof BundleError) return error.message;
  throw new Error("Cannot go on: the bundle did not fail with a BundleError", { cause: error });
}

test("bundleJob: TypeScript with an import of its own and one from npm becomes one module without imports", async () => {
  await jobFile("part.ts", "export const answer: number = 42;");
  const file = await jobFile("whole.ts", `
    import { encode } from "@msgpack/msgpack";
    import { answer } from "./part.ts";
    export const inputs = [answer, encode([1, 2]).length];
    export default (input: number): number => input + 1;`);
  const { source, sha256 } = await bundleJob(file);
  expect(source).not.toMatch(/^\s*import\b/m);
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  const module = await loadJobModule(source);
  expect(module.inputs(undefined)).toEqual([42, 3]);
});

test("bundleJob: a syntax error is told with file, line, column and the line itself", async () => {
  const message = await fault(await jobFile("broken.ts", "export default function (n: number) {\n  return n +* 2;\n}\n"));
  expect(message).toMatch(/^Cannot bundle broken\.ts:\n.*broken\.ts:2:13: Unexpected "\*"\n {4}return n \+\* 2;/);
});

test("bundleJob: every import that is not there is told", async () => {
  const message = await fault(await jobFile("missing.ts", 'import "no-such-package";\nimport "./no-such-file.ts";\nexport default () => 1;'));
  expect(message).toContain('missing.ts:1:8: Could not resolve "no-such-package"');
  expect(message).toContain('missing.ts:2:8: Could not resolve "./no-such-file.ts"');
});

test("bundleJob: a module of Node is told to be none of a browser", async () => {
  const message = await fault(await jobFile("reads.ts", 'import { readFile } from "node:fs/promises";\nexport default () => readFile("x");'));
  expect(message).toContain('reads.ts:1:26: Could not resolve "node:fs/promises": it belongs to Node, and a job runs in a browser');
});

test("bundleJob: a file without a default export is told what to export", async () => {
  expect(await fault(await jobFile("empty.ts", "export const inputs = [1];"))).toMatch(/^Cannot bundle empty\.ts: it has no default export\./);
});

test("bundleJob: a file that is not there is told by its name", async () => {
  expect(await fault(join(folder, "nowhere.ts"))).toContain("nowhere.ts");
});
