// Runs on the system's own Node (20 or later) before anything is installed, hence plain JavaScript without a dependency.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const stamp = join(root, "node_modules", ".installed-from");

/** The project's own Node 24, whatever the system's is. */
export const projectNode = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");

/** Installs the dependencies where they are missing or not those of package-lock.json. */
export function ensureInstalled() {
  const wanted = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  if (existsSync(projectNode) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing dependencies (npm ci) …");
  run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
  writeFileSync(stamp, wanted);
}

/** Runs a command in the project's folder with the project's Node first on the path; a failure ends this process. */
export function run(command, args, env = {}) {
  const bin = join(root, "node_modules", ".bin");
  const delimiter = process.platform === "win32" ? ";" : ":";
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, ...env },
  });
  if (error) console.error(`Cannot run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
