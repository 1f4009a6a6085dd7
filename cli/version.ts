import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import * as z from "zod/mini";

const packageSchema = z.object({ version: z.string() });

/** The version of this package, from source or installed. */
export function version(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error("Cannot tell the version: there is no package.json above the command line's files");
  return packageSchema.parse(JSON.parse(readFileSync(path, "utf8"))).version;
}
