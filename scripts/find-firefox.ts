import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

const COMMANDS = ["firefox-esr", "firefox"];
const OTHER_PLACES = ["/Applications/Firefox.app/Contents/MacOS/firefox", String.raw`C:\Program Files\Mozilla Firefox\firefox.exe`];

/** The path of a Firefox: MANYHANDS_FIREFOX, else the first in the usual places. Throws Error. */
export async function findFirefox(env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> {
  const named = env["MANYHANDS_FIREFOX"];
  const folders = [...(env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  const places = named === undefined || named === "" ? [...COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))), ...OTHER_PLACES] : [named];
  for (const path of places) if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  throw new Error("Cannot find a Firefox. Install one, or set MANYHANDS_FIREFOX to its path.");
}
