import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FIRST_ANSWER } from "../protocol/http/verification.ts";

/** A real HTTP server that answers as a test needs it; `await using` closes it. */
export async function serve(listener: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>) {
  const server = createServer((request, response) => {
    void (async () => listener(request, response))().catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot start the test's server: it has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** Something that a test lets happen later. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { opened, open: () => open() };
}

/** A job as a hub answers it. */
export function jobBody(jobId: string, state: string, tasks: { readonly total: number; readonly done: number; readonly failed: number }) {
  return {
    jobId, name: "test", owner: "someone", state,
    tasks: { ...tasks, pending: tasks.total - tasks.done - tasks.failed, running: 0 },
    ratePerSecond: 0, etaMs: null, waitingFor: null, failures: [], createdAt: 0, startedAt: 0, endedAt: null,
    url: "http://hub/jobs/x", resultUrl: "http://hub/results/x", pictureUrl: null,
    executableId: "0".repeat(64), executableUrl: "http://hub/x", view: null, tags: [], public: true, visibility: "public", maySteer: true, notify: null,
    verification: { ...FIRST_ANSWER, provisional: 0, workFactor: null, caughtServers: 0 },
    options: { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, policy: null, requires: null },
  };
}
