import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import type { PromptPeer } from "./peer.ts";

/** Debian's own, for which its package python3-distributed is. */
const PYTHON = "/usr/bin/python3";

const python = promisify(execFile);

/** The version of Dask, or null where it is not installed. */
export async function findDask(): Promise<string | null> {
  return python(PYTHON, ["-c", "import distributed; print(distributed.__version__)"]).then(({ stdout }) => stdout.trim(), () => null);
}

export function dask(version: string): PromptPeer {
  return {
    name: `Dask ${version.split("+")[0]}, 2 processes`,
    rate: async (seconds) => z.number().parse(await answer("rate", seconds)),
    latencies: async (tasks) => z.array(z.number()).parse(await answer("latency", tasks)),
  };
}

async function answer(what: string, amount: number): Promise<unknown> {
  const { stdout } = await python(PYTHON, [join(import.meta.dirname, "dask_cluster.py"), what, String(amount)]);
  return JSON.parse(stdout);
}
