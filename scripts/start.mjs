// `npm start`: installs and builds what is missing or stale, then becomes the hub.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, projectNode, run } from "./ensure-installed.mjs";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
ensureInstalled();
run(projectNode, [join(root, "scripts", "build-browser.ts"), "--if-stale"]);

const hub = spawn(projectNode, [join(root, "server", "main.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
// The hub drains at these; this process only waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => hub.kill(signal));
hub.on("error", (error) => {
  console.error(`Cannot start the hub: ${error.message}`);
  process.exitCode = 1;
});
hub.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 0);
});
