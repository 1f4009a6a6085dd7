import type { DatabaseSync } from "node:sqlite";
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import * as z from "zod/mini";
import { GridError } from "../../../protocol/grid-error.ts";
import { ARCHIVE_LIMITS } from "../../limits.ts";
import { CommitWhenSpace } from "./commit-when-space.ts";
import { GroupCommit } from "./group-commit.ts";
import { openDatabase } from "./open-database.ts";
import type { Reply, Request, ThreadMessage } from "./thread-messages.ts";

// The thread that holds the database. Whatever has arrived while a group was committed is the next group, so that
// groups grow with the load and a lone write waits for nobody.

function serve(port: MessagePort, database: DatabaseSync): void {
  const queue: Request[] = [];
  let closing = false;
  const commits = new CommitWhenSpace(new GroupCommit(database), {
    answer: (requests, replies) => answer(port, requests, replies),
    arrived: () => {
      receiveAll(port, queue);
      closing ||= queue.some(({ operation }) => operation.type === "close");
      return queue.splice(0);
    },
    report: (message) => post(port, { type: "disk-full", message }),
  });
  let running = false;

  async function drain(): Promise<void> {
    for (;;) {
      receiveAll(port, queue);
      const group = queue.splice(0, ARCHIVE_LIMITS.operationsPerCommit);
      if (group.length === 0) return;
      closing ||= group.some(({ operation }) => operation.type === "close");
      await commits.commit(group);
      if (closing) {
        database.close();
        port.close();
        return;
      }
    }
  }

  port.on("message", (requests: readonly Request[]) => {
    queue.push(...requests);
    if (running) return;
    running = true;
    drain().then(() => { running = false; }, (error: unknown) => {
      post(port, { type: "fatal", error });
      port.close();
    });
  });
}

function receiveAll(port: MessagePort, queue: Request[]): void {
  while (queue.length < ARCHIVE_LIMITS.operationsPerCommit) {
    const received: { message: readonly Request[] } | undefined = receiveMessageOnPort(port);
    if (received === undefined) return;
    queue.push(...received.message);
  }
}

function answer(port: MessagePort, group: readonly Request[], replies: readonly Reply[]): void {
  const buffers = replies.flatMap((reply) => (reply.type === "chunks" ? reply.chunks.map(({ packed }) => packed.buffer) : []));
  const numbered = replies.flatMap((reply, i) => {
    const id = group[i]?.id;
    return id === undefined ? [] : [{ id, reply }];
  });
  port.postMessage({ type: "replies", replies: numbered } satisfies ThreadMessage, buffers.filter((buffer) => buffer instanceof ArrayBuffer));
}

function post(port: MessagePort, message: ThreadMessage): void {
  port.postMessage(message);
}

function start(port: MessagePort): void {
  const { path } = z.object({ path: z.string() }).parse(workerData);
  try {
    serve(port, openDatabase(path));
    post(port, { type: "opened" });
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    post(port, { type: "not-opened", kind: error.kind, message: error.message });
    port.close();
  }
}

if (parentPort === null) throw new Error("Cannot run the archive's thread: it is no worker thread");
start(parentPort);
