import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import { findBrowser } from "../cli/find-browser.ts";
import type { Machine } from "./result.ts";

export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? "unknown", cores: processors.length, memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: await systemName(), node: process.version, browser: await browserVersion(), loadBefore: loadavg()[0] ?? 0,
  };
}

async function systemName(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="(.*)"$/m.exec(text)?.[1];
  return name === undefined ? `${type()} ${release()}` : `${name}, ${type()} ${release()}`;
}

async function browserVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(await findBrowser(), ["--version"]);
    return stdout.trim();
  } catch {
    // Not every benchmark needs a browser; those that do say so themselves.
    return null;
  }
}
