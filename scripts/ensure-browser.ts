import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "../cli/find-browser.ts";

/** The path of a Chromium or Chrome; installs one where there is none. Throws when it cannot. */
export async function ensureBrowser(): Promise<string> {
  try {
    return await findBrowser();
  } catch (missing) {
    if (process.env["MANYHANDS_BROWSER"]) throw missing;
    console.log("Installing Chromium …");
    install();
    return findBrowser();
  }
}

function install(): void {
  const isDebianRoot = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (isDebianRoot && succeeds("apt-get", ["update", "-qq"]) && succeeds("apt-get", ["install", "-y", "-qq", "chromium"])) return;
  succeeds(process.execPath, [join(import.meta.dirname, "../node_modules/playwright-core/cli.js"), "install", "chromium"]);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
}
