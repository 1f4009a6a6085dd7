#!/usr/bin/env node
// Plain JavaScript of long ago, because it has to run on the system's Node to find a newer one.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const root = new URL("../", import.meta.url);
/** In the clone, and where Manyhands is installed beside the npm package `node`. */
const newerNodes = ["node_modules/.bin/node", "../.bin/node"].map((path) => fileURLToPath(new URL(path, root)));

if (Number(process.versions.node.split(".")[0]) >= NEEDED_MAJOR) {
  const source = new URL("manyhands.ts", root);
  // Node strips types from source in a clone, but not inside node_modules: the package carries compiled files.
  await import(existsSync(source) ? source.href : new URL("dist/package/manyhands.js", root).href);
} else {
  const newer = newerNodes.find((path) => existsSync(path));
  if (newer === undefined || process.env["MANYHANDS_NODE"] === "newer") {
    console.error(`Cannot run manyhands on Node ${process.versions.node}: it needs Node ${NEEDED_MAJOR} or later. Install that, or put it beside manyhands with: npm install node@${NEEDED_MAJOR}`);
    process.exitCode = 1;
  } else {
    runOn(newer);
  }
}

/** @param {string} node */
function runOn(node) {
  // The variable ends what would go round for ever if that were an old Node as well.
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit", env: { ...process.env, MANYHANDS_NODE: "newer" } });
  child.on("error", (error) => {
    console.error(`Cannot start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"])) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches every process of a terminal by itself; otherwise it has to be passed on.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
}
