import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { outcomeOf } from "../contract/expectations.ts";
import { ArchiveThread } from "./archive-thread.ts";
import type { Operation } from "./thread-messages.ts";

const MIB = 1024 * 1024;

let dataDir = "";
let thread: ArchiveThread;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "manyhands-thread-"));
  thread = await ArchiveThread.open(join(dataDir, "test.sqlite"), console, (error) => { throw error; });
  await thread.run({ type: "unit", statements: [{ sql: "CREATE TABLE notes (note TEXT)", parameters: [] }] });
});
afterEach(async () => {
  await thread.close();
  await rm(dataDir, { recursive: true });
});

function note(text: string): Operation {
  return { type: "unit", statements: [{ sql: "INSERT INTO notes VALUES (?)", parameters: [text] }] };
}

const count: Operation = { type: "query", statement: { sql: "SELECT count(*) AS n FROM notes", parameters: [] } };

test("ArchiveThread.run: operations past the limit of unwritten bytes wait, and all are done in the order of the calls", async () => {
  const order: number[] = [];
  const text = "x".repeat(MIB);
  await Promise.all(Array.from({ length: 60 }, async (_, i) => {
    await thread.run(note(text));
    order.push(i);
  }));
  expect(order).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(await thread.run(count)).toEqual({ type: "rows", rows: [{ n: 60 }] });
});

test("ArchiveThread.takeTurn: `room` waits while the limit of unwritten bytes is passed", async () => {
  let answered = 0;
  await thread.takeTurn(async (turn) => {
    const sent: Promise<unknown>[] = [];
    const send = async () => {
      await turn.send(note("x".repeat(MIB)));
      answered += 1;
    };
    // A character counts two bytes: 15 of these are below 32 MiB, 16 above.
    for (let i = 0; i < 15; i++) sent.push(send());
    await turn.room();
    expect(answered).toBe(0);
    sent.push(send());
    await turn.room();
    expect(answered).toBeGreaterThan(0);
    await Promise.all(sent);
  });
});

test("ArchiveThread.takeTurn: operations called later come after those of the turn", async () => {
  const turnDone = thread.takeTurn(async (turn) => {
    await turn.send(note("first"));
    await turn.send(note("second"));
  });
  const after = thread.run(count);
  await turnDone;
  expect(await after).toEqual({ type: "rows", rows: [{ n: 2 }] });
});

test("ArchiveThread.takeTurn: a turn that throws ends, and the next operation runs", async () => {
  await expect(thread.takeTurn(() => Promise.reject(new Error("no more")))).rejects.toThrow("no more");
  expect(await thread.run(count)).toEqual({ type: "rows", rows: [{ n: 0 }] });
});

test("ArchiveThread.close: what was called before is done, what comes after is refused", async () => {
  const before = thread.run(note("before"));
  const closed = thread.close();
  const after = outcomeOf(thread.run(note("after")));
  expect(await before).toEqual({ type: "changed", count: 1 });
  await closed;
  expect(await after).toBe("unavailable");
  thread = await ArchiveThread.open(join(dataDir, "test.sqlite"), console, (error) => { throw error; });
  expect(await thread.run(count)).toEqual({ type: "rows", rows: [{ n: 1 }] });
});
