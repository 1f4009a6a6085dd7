import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge", "brave-browser"];

const MAC_APPLICATIONS = [
  "Google Chrome.app/Contents/MacOS/Google Chrome",
  "Chromium.app/Contents/MacOS/Chromium",
  "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "Brave Browser.app/Contents/MacOS/Brave Browser",
];

const WINDOWS_PROGRAMS = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
  String.raw`BraveSoftware\Brave-Browser\Application\brave.exe`,
];

export interface BrowserSearch {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where Playwright puts the Chromium that it downloads. */
  readonly playwrightPath: string;
}

/** The path of a Chromium: MANYHANDS_BROWSER, else the first in the usual places, else Playwright's own. Throws Error. */
export async function findBrowser(search: BrowserSearch = { platform: process.platform, env: process.env, playwrightPath: chromium.executablePath() }): Promise<string> {
  const named = search.env["MANYHANDS_BROWSER"];
  if (named !== undefined && named !== "") {
    if (await canRun(named)) return named;
    throw new Error(`Cannot use the browser that MANYHANDS_BROWSER names: ${named} is no file that can be run`);
  }
  for (const path of [...usualPlaces(search), search.playwrightPath]) if (await canRun(path)) return path;
  throw new Error("Cannot find a Chromium or Chrome. Install one, or set MANYHANDS_BROWSER to its path, or get Playwright's with: npx playwright-core install chromium");
}

function usualPlaces({ platform, env }: BrowserSearch): string[] {
  switch (platform) {
    case "darwin":
      return ["/Applications", join(env["HOME"] ?? "", "Applications")].flatMap((folder) => MAC_APPLICATIONS.map((path) => join(folder, path)));
    case "win32":
      return ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((name) => {
        const folder = env[name];
        return folder === undefined ? [] : WINDOWS_PROGRAMS.map((path) => join(folder, path));
      });
    default: {
      const folders = [...(env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""), "/usr/bin", "/usr/local/bin", "/snap/bin"];
      return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
    }
  }
}

async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}
