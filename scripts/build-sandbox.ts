import { build } from "esbuild";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

async function bundle(entry: string, define: Record<string, string>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)], bundle: true, write: false, minify: true, format: "iife", target: "es2023", legalComments: "none", charset: "utf8", define,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`Cannot build the sandbox: ${entry} gave no output`);
  return file.text;
}

/**
 * The sandbox's page: one self-contained document whose single inline script the hub allows by its hash. Tests put a
 * script before the slot's, to see what holds when that one does not.
 */
export async function sandboxHtml(beforeSlot = ""): Promise<string> {
  const slot = beforeSlot + await bundle("worker/slot/slot-worker.ts", {});
  const frame = await bundle("worker/frame/frame.ts", { SLOT_SCRIPT: JSON.stringify(slot) });
  // Inside an inline script "</" could end it, and "<!--" could hide its end.
  const script = frame.replaceAll("</", "<\\/").replaceAll("<!--", "<\\!--").trim();
  return `<!doctype html><meta charset="utf-8"><title>Manyhands sandbox</title><script>${script}</script>\n`;
}

/** Writes dist/sandbox/frame.html, at once, so that a running hub never reads half of it. */
export async function buildSandbox(outDir = join(ROOT, "dist", "sandbox")): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const path = join(outDir, "frame.html");
  await writeFile(`${path}.new`, await sandboxHtml());
  await rename(`${path}.new`, path);
  return path;
}

if (import.meta.main) console.log(`built ${await buildSandbox()}`);
