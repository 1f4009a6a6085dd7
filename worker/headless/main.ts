import * as z from "zod/mini";
import { LIMITS } from "../../protocol/limits.ts";
import { createComputeServer } from "../host/compute-server.ts";
import type { ComputeServerHandle, ComputeServerState } from "../host/compute-server-state.ts";

// A Compute Server without a screen, for `manyhands join`. It reads its options from the fragment of its address,
//   #slots=2&name=lab-3&cpu=0.5&memory=8192   (and hub=, sandbox= where they are not the page's own)
// With token=ask it waits until an API token is given to `globalThis.manyhandsToken`, so that none stands in an address.
// starts at once, tells each change as a line of JSON on the console, and can be steered by `globalThis.manyhands`.

declare global {
  // `var` is what TypeScript wants of a property of globalThis.
  var manyhands: ComputeServerHandle | undefined;
  var manyhandsToken: ((token: string) => void) | undefined;
}

// The page's policy forbids making code from text, which zod would try for speed.
z.config({ jitless: true });

const optionsSchema = z.object({
  slots: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(LIMITS.slots)), 1),
  name: z._default(z.string().check(z.maxLength(LIMITS.nameMaxChars)), "headless"),
  cpu: z._default(z.coerce.number().check(z.minimum(0.1), z.maximum(1)), 1),
  /** Of the device, in MiB: a page knows less of it than who opened it. */
  memory: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(LIMITS.memoryMiB))),
  token: z.optional(z.literal("ask")),
  hub: z._default(z.url(), location.origin),
  sandbox: z.optional(z.string().check(z.regex(/^https?:\/\/\*\.[A-Za-z0-9.-]+(:\d+)?$/))),
});

const gridSchema = z.object({ sandboxOrigin: z.nullable(z.string()) });

/** One line for whoever reads the console. */
function tell(line: Record<string, unknown>): void {
  console.log(JSON.stringify(line));
}

function summary({ phase, notice, signInNeeded, computeServerId, slots, tasksDone, tasksFailed, running, queuedTasks, unacknowledged }: ComputeServerState) {
  return { type: "state", phase, notice, signInNeeded, computeServerId, slots, tasksDone, tasksFailed, running: running.length, queuedTasks, unacknowledged };
}

async function sandboxOrigin(hubUrl: string): Promise<string | null> {
  const response = await fetch(`${hubUrl}/api/grid`);
  if (!response.ok) throw new Error(`Cannot ask ${hubUrl} where its sandbox is: it answered ${response.status}`);
  return gridSchema.parse(await response.json()).sandboxOrigin;
}

function givenToken(): Promise<string> {
  return new Promise((resolve) => {
    globalThis.manyhandsToken = resolve;
  });
}

async function main(): Promise<void> {
  const options = optionsSchema.parse(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
  const token = options.token === undefined ? undefined : await givenToken();
  const server = createComputeServer({
    token,
    hubUrl: options.hub, name: options.name, slots: options.slots, cpuShare: options.cpu, keepComputingInBackground: true, memoryMiB: options.memory,
    sandboxOrigin: options.sandbox ?? await sandboxOrigin(options.hub),
  });
  globalThis.manyhands = server;
  let told = "";
  server.subscribe(() => {
    const state = summary(server.state());
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    tell(state);
  });
  server.start();
}

main().catch((error: unknown) => tell({ type: "error", message: error instanceof Error ? error.message : String(error) }));
