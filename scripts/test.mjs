// `npm test`: installs what is missing, then checks everything.
import { join } from "node:path";
import { ensureInstalled, projectNode, run } from "./ensure-installed.mjs";

ensureInstalled();
run(projectNode, [join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "check.ts"), ...process.argv.slice(2)]);
