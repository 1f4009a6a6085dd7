import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser } from "./find-browser.ts";

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), "manyhands-browser-")); });
afterAll(() => rm(folder, { recursive: true }));

async function program(...parts: string[]): Promise<string> {
  const path = join(folder, ...parts);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, "");
  await chmod(path, 0o755);
  return path;
}

test("findBrowser: the one that is named goes before all others, and is told when it is none", async () => {
  const named = await program("named", "my-browser");
  const other = await program("path", "chromium");
  const search = { platform: "linux", playwrightPath: other } as const;
  expect(await findBrowser({ ...search, env: { MANYHANDS_BROWSER: named, PATH: join(folder, "path") } })).toBe(named);
  await expect(findBrowser({ ...search, env: { MANYHANDS_BROWSER: join(folder, "nothing"), PATH: join(folder, "path") } }))
    .rejects.toThrow("Cannot use the browser that MANYHANDS_BROWSER names");
});

test("findBrowser: on Windows and macOS the usual places are searched, then Playwright's", async () => {
  const edge = await program("programs", String.raw`Microsoft\Edge\Application\msedge.exe`);
  const downloaded = await program("playwright", "chrome");
  expect(await findBrowser({ platform: "win32", playwrightPath: downloaded, env: { PROGRAMFILES: join(folder, "programs") } })).toBe(edge);
  const chrome = await program("home", "Applications", "Google Chrome.app", "Contents", "MacOS", "Google Chrome");
  expect(await findBrowser({ platform: "darwin", playwrightPath: downloaded, env: { HOME: join(folder, "home") } })).toBe(chrome);
  expect(await findBrowser({ platform: "win32", playwrightPath: downloaded, env: {} })).toBe(downloaded);
});

test("findBrowser: where there is none, what to do is told", async () => {
  await expect(findBrowser({ platform: "win32", playwrightPath: join(folder, "nothing"), env: {} })).rejects.toThrow(/^Cannot find a Chromium or Chrome\. Install one/);
});
