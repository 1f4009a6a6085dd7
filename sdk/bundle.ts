import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { build, type BuildFailure, type Message } from "esbuild";
import { LIMITS } from "../protocol/limits.ts";

/** A job file that cannot be made into an Executable. The message names file, line and column of every fault. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

export interface Bundle {
  /** One ES module without imports. */
  readonly source: string;
  /** SHA-256 of the source in UTF-8, hexadecimal. */
  readonly sha256: string;
}

/** Node's own modules are not there in a browser: say so in the words of the one who imports them. */
const NODE_MODULE = /^Could not resolve "(?:node:)?(?:assert|buffer|child_process|cluster|crypto|dgram|dns|events|fs|http2?|https|module|net|os|path|perf_hooks|process|readline|sqlite|stream|tls|tty|url|util|v8|vm|worker_threads|zlib)(?:\/[a-z]+)?"/;

/** Bundles a job file (TypeScript or JavaScript, with what it imports from npm) for the sandbox. Throws BundleError. */
export async function bundleJob(file: string): Promise<Bundle> {
  const path = resolve(file);
  let built;
  try {
    built = await build({
      entryPoints: [path],
      bundle: true,
      format: "esm",
      platform: "browser",
      target: "es2023",
      charset: "utf8",
      define: { "process.env.NODE_ENV": '"production"' },
      legalComments: "inline",
      logLevel: "silent",
      metafile: true,
      write: false,
      // Names the output only; nothing is written.
      outfile: "job.js",
    });
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new BundleError(`Cannot bundle ${basename(file)}:\n${error.errors.map(describe).join("\n")}`, { cause: error });
  }
  const exported = Object.values(built.metafile.outputs)[0]?.exports ?? [];
  if (!exported.includes("default")) {
    throw new BundleError(`Cannot bundle ${basename(file)}: it has no default export. Export the function that runs one task: export default function (input, task) { … }`);
  }
  const source = built.outputFiles[0]?.text ?? "";
  const bytes = Buffer.byteLength(source);
  if (bytes > LIMITS.executableBytes) {
    throw new BundleError(`Cannot bundle ${basename(file)}: it makes ${bytes} bytes with all that it imports, the limit is ${LIMITS.executableBytes}`);
  }
  return { source, sha256: createHash("sha256").update(source).digest("hex") };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function describe({ text, location, notes }: Message): string {
  const why = NODE_MODULE.test(text) ? `${text}: it belongs to Node, and a job runs in a browser` : text;
  if (location === null) return `  ${why}`;
  // esbuild counts columns from 0, editors from 1.
  const place = `  ${location.file}:${location.line}:${location.column + 1}: ${why}\n    ${location.lineText.trim()}`;
  const hint = notes[0]?.text;
  return hint === undefined || NODE_MODULE.test(text) ? place : `${place}\n    ${hint}`;
}
