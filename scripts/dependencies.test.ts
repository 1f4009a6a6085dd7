import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";

const root = join(import.meta.dirname, "..");
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({
    version: z.string(), resolved: z.optional(z.string()), integrity: z.optional(z.string()), hasInstallScript: z.optional(z.boolean()), license: z.optional(z.string()),
  })),
});
const manifestSchema = z.object({ allowScripts: z.record(z.string(), z.boolean()), dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) });

/** Where npm takes them from unless the lockfile says otherwise. */
const REGISTRY = "https://registry.npmjs.org/";
const { "": _project, ...packages } = lockSchema.parse(readJson("package-lock.json")).packages;
const manifest = manifestSchema.parse(readJson("package.json"));
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

/**
 * What runs code of its own when it is installed, and why: esbuild checks and puts in place its program, node fetches the
 * project's own Node, msgpackr-extract (of a benchmark's queue) would compile a faster reader that nothing needs.
 */
const WITH_INSTALL_SCRIPTS = ["esbuild", "msgpackr-extract", "node"];

test("dependencies: none runs a script at installation but those that were looked at, and each is allowed or not by name", () => {
  const withScripts = Object.entries(packages).filter(([, { hasInstallScript = false }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect([...new Set(withScripts)].toSorted()).toEqual(WITH_INSTALL_SCRIPTS);
  expect(Object.keys(manifest.allowScripts).toSorted()).toEqual(WITH_INSTALL_SCRIPTS);
});

test("dependencies: each comes from the registry, and is what it was when it was chosen, byte by byte", () => {
  const elsewhere = Object.entries(packages).filter(([, { resolved = REGISTRY, integrity = "" }]) => !resolved.startsWith(REGISTRY) || !integrity.startsWith("sha512-"));
  expect(elsewhere.map(([path]) => path)).toEqual([]);
});

test("dependencies: those that are named have exact versions", () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});
