import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "../cli/find-browser.ts";
import { findFirefox } from "./find-firefox.ts";

/** The path of a Chromium or Chrome; installs one where there is none. Throws when it cannot. */
export async function ensureBrowser(): Promise<string> {
  try {
    return await findBrowser();
  } catch (missing) {
    if (process.env["MANYHANDS_BROWSER"]) throw missing;
    console.log("Installing Chromium …");
    if (!installsByApt("chromium")) succeeds(process.execPath, [join(import.meta.dirname, "../node_modules/playwright-core/cli.js"), "install", "chromium"]);
    return findBrowser();
  }
}

/** The path of a Firefox; installs Debian's where that can be done. Null where there is none, and the reason is told. */
export async function ensureFirefox(): Promise<string | null> {
  try {
    return await findFirefox();
  } catch (missing) {
    if (process.env["MANYHANDS_FIREFOX"]) throw missing;
    console.log("Installing Firefox …");
    installsByApt("firefox-esr");
    return findFirefox().catch(() => null);
  }
}

function installsByApt(name: string): boolean {
  const isDebianRoot = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  return isDebianRoot && succeeds("apt-get", ["update", "-qq"]) && succeeds("apt-get", ["install", "-y", "-qq", name]);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }).status === 0;
}
