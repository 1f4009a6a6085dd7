import { describe, expect, it } from "vitest";
import type { Command } from "./command.ts";
import { balancer, gridOf, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";
import { Scheduler } from "./scheduler.ts";

const right = (index: number): string => `right ${index}`;
const wrong = (index: number): string => `wrong ${index}`;
const TWO = { verification: { kind: "quorum" as const, answers: 2 } };
const USUAL = { verification: { kind: "credibility" as const, errorRate: 0.01 } };
const { jobId } = jobSpec("x");

/** Everybody runs what it is given, each in turn, until nobody is given anything. Answers all that was commanded. */
function runAll(scheduler: Scheduler, commands: readonly Command[], answer: (command: Command & { readonly type: "assign" }, index: number) => string, nowMs = 0, look: () => void = () => undefined): Command[] {
  const all = [...commands];
  for (let at = 0; at < all.length; at++) {
    const command = all[at];
    if (command?.type !== "assign") continue;
    all.push(...scheduler.handle(outcomesOf(command, { answer: (index) => answer(command, index) }), nowMs));
    look();
  }
  return all;
}

function submit(scheduler: Scheduler, changes: Parameters<typeof jobSpec>[1], nowMs = 0): readonly Command[] {
  return scheduler.handle({ type: "job-submitted", job: jobSpec("x", changes) }, nowMs);
}

describe("Scheduler, verified jobs", () => {
  it("quorum: an answer is held, and accepted when another volunteer agrees", () => {
    const scheduler = gridOf("a");
    const first = the("assign", submit(scheduler, { tasks: 1, ...TWO }));
    const held = scheduler.handle(outcomesOf(first, { answer: right }), 1);
    expect(held).toEqual([{ type: "hold", jobId, computeServerId: serverId("a"), ranges: [[0, 1]] }]);
    expect(scheduler.job(jobId, 1)).toMatchObject({ pending: 0, running: 0, provisional: 1, done: 0, runs: 1 });
    expect(scheduler.job(jobId, 1)?.waitingFor).toBe("1 answer waits for a second opinion from another volunteer: 2 must agree, and 1 is here.");
    expect(scheduler.computeServer(serverId("a"), 1)?.waitingFor).toBe("1 answer waits for a second opinion from another volunteer.");
    const second = the("assign", scheduler.handle(registered("b"), 2));
    expect(second.ranges).toEqual([[0, 1]]);
    const accepted = scheduler.handle(outcomesOf(second, { answer: right }), 3);
    expect(accepted.map(({ type }) => type)).toEqual(["hold", "accept-held", "set-job-state"]);
    expect(the("accept-held", accepted).accepted).toEqual([{ index: 0, answer: right(0) }]);
  });

  it("quorum: another tab of the same volunteer is no second opinion, one behind the same address in the end", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle(registered("a", { volunteer: "ann", network: "192.0.2.1", leaseMs: Infinity }), 0);
    const first = the("assign", submit(scheduler, { tasks: 1, taskTimeoutMs: 60_000, ...TWO }));
    scheduler.handle(outcomesOf(first, { answer: right }), 1);
    expect(only("assign", scheduler.handle(registered("a2", { volunteer: "ann", leaseMs: Infinity }), 2))).toEqual([]);
    expect(only("assign", scheduler.handle(registered("b", { volunteer: "ben", network: "192.0.2.1", leaseMs: Infinity }), 3))).toEqual([]);
    expect(scheduler.job(jobId, 3)?.waitingFor).toContain("for 60 s at most from one behind another network address");
    expect(scheduler.nextWakeMs()).toBe(60_001);
    expect(the("assign", scheduler.handle({ type: "tick" }, 60_001)).computeServerId).toBe(serverId("b"));
  });

  it("quorum: an answer to what was not given out, or was lost, is no vote (R5)", () => {
    const scheduler = gridOf("a", "b");
    const [first] = only("assign", submit(scheduler, { tasks: 1, ...TWO }));
    if (first === undefined) throw new Error("Cannot go on: nothing was assigned");
    scheduler.handle(outcomesOf(first, { answer: wrong }), 1);
    expect(scheduler.handle(outcomesOf({ ...first, computeServerId: serverId("b") }, { answer: wrong, done: [[0, 1]] }), 2)).toEqual([]);
    expect(scheduler.handle(outcomesOf(first, { answer: wrong }), 3)).toEqual([]);
    expect(scheduler.job(jobId, 3)).toMatchObject({ provisional: 1, runs: 1 });
  });

  it.each([{ verification: { kind: "quorum" as const, answers: 3 } }, USUAL])("a job of very many tasks: no more are begun than may wait for others at once, and all are accepted (R2, R9) %o", (policy) => {
    const scheduler = gridOf("a", "b", "c");
    let most = 0;
    const commands = runAll(scheduler, submit(scheduler, { tasks: 200_000, ...policy }), (_command, index) => right(index), 0, () => {
      const { provisional = 0, running = 0 } = scheduler.job(jobId, 0) ?? {};
      most = Math.max(most, provisional + running);
    });
    expect(most).toBeGreaterThan(1_000);
    expect(most).toBeLessThanOrEqual(100_000);
    expect(only("accept-held", commands).reduce((sum, { accepted }) => sum + accepted.length, 0)).toBe(200_000);
    expect(only("set-job-state", commands).map(({ state }) => state)).toEqual(["running", "completed"]);
  });

  it("credibility: of ten Compute Servers two lie in league, and all that is accepted is right", () => {
    const scheduler = gridOf("l0", "l1", "h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7");
    const isLiar = (id: string): boolean => id.includes("-l");
    const commands = runAll(scheduler, submit(scheduler, { tasks: 400, ...USUAL }), ({ computeServerId }, index) => (isLiar(computeServerId) ? wrong(index) : right(index)));
    const accepted = only("accept-held", commands).flatMap((command) => command.accepted);
    expect(accepted.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(accepted.filter(({ index, answer }) => answer !== right(index))).toEqual([]);
    expect(only("server-caught", commands).map(({ computeServerId }) => computeServerId).sort()).toEqual([serverId("l0"), serverId("l1")]);
    for (const caught of only("server-caught", commands)) {
      const after = commands.slice(commands.indexOf(caught));
      expect(only("assign", after).filter(({ computeServerId }) => computeServerId === caught.computeServerId)).toEqual([]);
    }
    expect(scheduler.computeServer(serverId("l0"), 0)?.statistics.checksFailed).toBe(1);
    expect(scheduler.computeServer(serverId("h0"), 0)?.statistics).toMatchObject({ checksFailed: 0 });
    expect(only("set-job-state", commands).map(({ state }) => state)).toEqual(["running", "completed"]);
  });

  it("credibility: who is vouched for is accepted at once", () => {
    const scheduler = new Scheduler();
    scheduler.handle(balancer(), 0);
    scheduler.handle(registered("lab", { vouched: true }), 0);
    const first = the("assign", submit(scheduler, { tasks: 1, ...USUAL }));
    const out = scheduler.handle(outcomesOf(first, { answer: right }), 1);
    expect(out.map(({ type }) => type)).toEqual(["hold", "accept-held", "set-job-state"]);
  });

  it("credibility: a task fails for good only where so many volunteers failed it as an answer needs", () => {
    const scheduler = gridOf("a");
    const commands = [...submit(scheduler, { tasks: 1, maxAttempts: 1, taskTimeoutMs: 1_000, ...USUAL })];
    const fail = (name: string, nowMs: number): void => {
      const mine = only("assign", commands).findLast(({ computeServerId }) => computeServerId === serverId(name));
      if (mine === undefined) throw new Error(`Cannot fail: ${name} was given nothing`);
      commands.push(...scheduler.handle(outcomesOf(mine, { failed: [0] }), nowMs));
    };
    fail("a", 1);
    // Nobody else is there: it may try again, and again proves nothing.
    fail("a", 2);
    expect(only("record-failure", commands)).toEqual([]);
    commands.push(...scheduler.handle({ type: "server-unregistered", computeServerId: serverId("a") }, 3), ...scheduler.handle(registered("b"), 4));
    fail("b", 5);
    commands.push(...scheduler.handle({ type: "server-unregistered", computeServerId: serverId("b") }, 6), ...scheduler.handle(registered("c"), 7));
    expect(only("record-failure", commands)).toEqual([]);
    fail("c", 8);
    expect(the("record-failure", commands)).toMatchObject({ index: 0, attempts: 4 });
    expect(only("set-job-state", commands).at(-1)?.state).toBe("failed");
  });

  it("job-restored: what was held counts again, and is accepted where it is enough", () => {
    const scheduler = gridOf();
    const held = (name: string, index: number) => ({ computeServerId: serverId(name), volunteer: name, network: "", index, answer: right(index) });
    const out = scheduler.handle({
      type: "job-restored",
      job: { ...jobSpec("x", { tasks: 4, ...TWO }), state: "running", done: [[3, 4]], failed: [], held: [held("a", 0), held("b", 0), held("a", 1), held("a", 3)] },
    }, 0);
    expect(the("accept-held", out).accepted).toEqual([{ index: 0, answer: right(0) }]);
    expect(scheduler.job(jobId, 0)).toMatchObject({ pending: 1, running: 0, provisional: 1, done: 2 });
    const commands = runAll(scheduler, scheduler.handle(registered("c"), 1), (_, index) => right(index));
    expect(only("accept-held", commands).flatMap(({ accepted }) => accepted)).toEqual([{ index: 1, answer: right(1) }]);
    expect(scheduler.job(jobId, 1)).toMatchObject({ pending: 0, provisional: 1, done: 3 });
  });

  it("waitingFor: everybody who is here was caught", () => {
    const scheduler = gridOf("liar");
    const commands = [...submit(scheduler, { tasks: 2, ...USUAL })];
    const mine = the("assign", commands);
    scheduler.handle(outcomesOf(mine, { answer: wrong }), 1);
    scheduler.handle(registered("lab", { vouched: true }), 2);
    const out = scheduler.handle(outcomesOf({ ...mine, computeServerId: serverId("lab") }, { answer: right, done: [[0, 1]] }), 3);
    expect(the("server-caught", out)).toMatchObject({ computeServerId: serverId("liar"), index: 0 });
    scheduler.handle({ type: "server-unregistered", computeServerId: serverId("lab") }, 4);
    expect(scheduler.job(jobId, 4)?.waitingFor).toBe("The only Compute Server gave it a wrong answer: it waits for another.");
    expect(scheduler.computeServer(serverId("liar"), 4)?.waitingFor).toBe("An answer of this Compute Server was wrong: it gets no more of the job that waits.");
  });
});
