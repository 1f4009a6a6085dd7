import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Builds dist/client (the web app) and dist/sandbox (the frame in which jobs run), both by vite.config.ts.
// With --if-stale it builds only when a source differs from what the last build was made of.

const root = join(import.meta.dirname, "..");
const stamp = join(root, "dist", ".built-from");
const SOURCES = [
  "client/**/*", "worker/**/*", "protocol/**/*.ts", "sdk/**/*.ts", "examples/**/*", "vite.config.ts", "package-lock.json",
  "scripts/build-browser.ts", "scripts/build-sandbox.ts",
];

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name)).sort()) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function run(script: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`Cannot build the browser side: ${script} failed`);
    process.exit(status ?? 1);
  }
}

const wanted = fingerprint();
const built = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
if (!process.argv.includes("--if-stale") || built !== wanted) {
  console.log("Building the browser side …");
  run("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn");
  writeFileSync(stamp, wanted);
}
