import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

/** What the browser side was built into, and the version of this program. */
export interface BuiltFiles {
  /** Folder of the web app. */
  readonly client: string;
  /** The sandbox's one page. */
  readonly sandboxFrame: string;
  readonly version: string;
}

/** The files of the package that this source stands in. */
export function builtFiles(): BuiltFiles {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return { client: join(root, "dist", "client"), sandboxFrame: join(root, "dist", "sandbox", "frame.html"), version };
}

/** Source and compiled files stand at different depths of the package. */
function packageRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("Cannot find the package that this program belongs to: no package.json stands above it");
  return packageRoot(parent);
}
