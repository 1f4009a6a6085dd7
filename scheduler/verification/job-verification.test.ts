import { describe, expect, it } from "vitest";
import { computeServerIdSchema } from "../../protocol/ids.ts";
import { SeededRandom } from "../seeded-random.ts";
import { JobVerification } from "./job-verification.ts";
import type { Evidence } from "./tally.ts";
import type { Answerer } from "./voter.ts";

const USUAL: Evidence = { kind: "credibility", saboteurShare: 0.2, errorRate: 0.01 };
const TWO: Evidence = { kind: "quorum", answers: 2 };

function verification(evidence: Evidence, sameEngine = false): JobVerification {
  return new JobVerification({ evidence, sameEngine, patienceMs: 60_000, random: new SeededRandom(1) });
}

function server(name: string, changes: Partial<Answerer> = {}): Answerer {
  return { computeServerId: computeServerIdSchema.parse(`server-${name}`), volunteer: name, network: "", engineName: "chromium", vouched: false, ...changes };
}

/** Answers what is wanted of these, in turn, until nothing is. `answer` tells what each says. */
function audit(job: JobVerification, auditors: readonly Answerer[], answer: (auditor: Answerer, index: number) => string): void {
  for (let asked = true; asked;) {
    asked = false;
    for (const auditor of auditors) {
      const index = job.takeWanted(auditor, 0);
      if (index === undefined) continue;
      asked = true;
      job.answer(auditor, index, answer(auditor, index), 0);
    }
  }
}

describe("JobVerification, quorum", () => {
  it("answer: so many equal answers are needed, of different volunteers", () => {
    const job = verification(TWO);
    job.answer(server("ada"), 7, "a", 0);
    job.answer(server("ada2", { volunteer: "ada" }), 7, "a", 0);
    expect(job.takeVerdicts()).toMatchObject({ held: [7], accepted: [] });
    job.answer(server("bob"), 7, "b", 0);
    expect(job.takeVerdicts()).toMatchObject({ held: [7], accepted: [] });
    expect(job.takeWanted(server("ada3", { volunteer: "ada" }), 0)).toBeUndefined();
    expect(job.takeWanted(server("cyd"), 0)).toBe(7);
    expect(job.takeWanted(server("dan"), 0)).toBeUndefined();
    job.answer(server("cyd"), 7, "b", 0);
    expect(job.takeVerdicts()).toMatchObject({ accepted: [{ index: 7, answer: "b" }], caught: [], failed: ["server-ada"], passed: ["server-bob", "server-cyd"] });
    expect(job.provisionalCount).toBe(0);
  });

  it("takeWanted: who was asked and gives up is replaced", () => {
    const job = verification(TWO);
    job.answer(server("ada"), 0, "a", 0);
    expect(job.takeWanted(server("bob"), 0)).toBe(0);
    expect(job.hasWantedFor(server("cyd"), 0)).toBe(false);
    job.gaveUp(server("bob").computeServerId, 0, 0);
    expect(job.takeWanted(server("cyd"), 0)).toBe(0);
  });

  it("takeWanted: behind one address only when nobody else came in time, and from one engine where that is asked", () => {
    const job = verification(TWO, true);
    job.answer(server("ada", { network: "192.0.2.7" }), 0, "a", 0);
    expect(job.hasWantedFor(server("bob", { network: "192.0.2.7" }), 59_999)).toBe(false);
    expect(job.patienceEndsAtMs(0)).toBe(60_000);
    expect(job.hasWantedFor(server("cyd", { engineName: "firefox" }), 60_000)).toBe(false);
    expect(job.takeWanted(server("bob", { network: "192.0.2.7" }), 60_000)).toBe(0);
  });

  it("answer: a task on which nobody agrees fails, and its answers are dropped", () => {
    const job = verification(TWO);
    for (let i = 0; i < 8; i++) job.answer(server(`s${i}`), 3, `answer ${i}`, 0);
    const { differing, dropped } = job.takeVerdicts();
    expect(differing).toEqual([{ index: 3, answers: 8 }]);
    expect(dropped.size).toBe(8);
    expect(job.provisionalCount).toBe(0);
  });

  it("restore: answers of before count again", () => {
    const job = verification(TWO);
    const held = (name: string, index: number) => ({ computeServerId: server(name).computeServerId, volunteer: name, network: "", index, answer: "a" });
    job.restore([held("ada", 1), held("bob", 1), held("ada", 2)], 0);
    expect(job.takeVerdicts()).toMatchObject({ held: [], accepted: [{ index: 1, answer: "a" }] });
    job.answer(server("cyd"), 2, "a", 0);
    expect(job.takeVerdicts().accepted).toEqual([{ index: 2, answer: "a" }]);
  });
});

describe("JobVerification, credibility", () => {
  const others = Array.from({ length: 30 }, (_, i) => server(`other-${i}`));

  it("closeWindow: nothing is accepted before enough drawn answers are confirmed, then all is", () => {
    const job = verification(USUAL);
    for (let index = 0; index < 50; index++) job.answer(server("ada"), index, "right", 0);
    expect(job.takeVerdicts().accepted).toEqual([]);
    job.closeWindow(server("ada").computeServerId, 0);
    expect(job.provisionalCount).toBe(50);
    audit(job, others, () => "right");
    expect(job.takeVerdicts().accepted.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    // 14 audits are enough for one in a hundred where one in five lies.
    expect(job.runs).toBe(64);
  });

  it("answer: a window that is full is audited though new tasks are left", () => {
    const job = verification(USUAL);
    for (let index = 0; index < 64; index++) job.answer(server("ada"), index, "right", 0);
    audit(job, others, () => "right");
    expect(job.takeVerdicts().accepted).toHaveLength(64);
  });

  it("answer: who is found lying is caught, all that only it answered runs again, and what was accepted stays", () => {
    const job = verification(USUAL);
    const liar = server("liar");
    for (let index = 0; index < 64; index++) job.answer(liar, index, "right", 0);
    audit(job, others, () => "right");
    expect(job.takeVerdicts().accepted).toHaveLength(64);
    for (let index = 64; index < 128; index++) job.answer(liar, index, "wrong", 0);
    audit(job, others, () => "right");
    const verdicts = job.takeVerdicts();
    expect(verdicts.caught.map(({ computeServerId }) => computeServerId)).toEqual([liar.computeServerId]);
    expect(verdicts.accepted.filter(({ answer }) => answer !== "right")).toEqual([]);
    expect(verdicts.dropped.get(liar.computeServerId)).toHaveLength(64);
    expect(verdicts.again.length + verdicts.accepted.length + job.provisionalCount).toBe(64);
    expect(job.isCaught(liar.computeServerId)).toBe(true);
    expect([job.hasWantedFor(liar, 0), job.mayAnswer(liar, 999)]).toEqual([false, false]);
    // What it says now is nothing.
    job.answer(liar, 999, "wrong", 0);
    expect(job.takeVerdicts()).toMatchObject({ held: [], again: [999] });
  });

  it("answer: an auditor who slanders is caught itself, and the honest one goes on", () => {
    const job = verification(USUAL);
    for (let index = 0; index < 50; index++) job.answer(server("ada"), index, "right", 0);
    job.closeWindow(server("ada").computeServerId, 0);
    audit(job, others, ({ volunteer }) => (volunteer === "other-3" ? "slander" : "right"));
    const { caught, accepted } = job.takeVerdicts();
    expect(caught.map(({ computeServerId }) => computeServerId)).toEqual(["server-other-3"]);
    expect(accepted).toHaveLength(50);
    expect(accepted.every(({ answer }) => answer === "right")).toBe(true);
  });

  it("answer: what a liar confirmed is drawn again", () => {
    const job = verification(USUAL);
    const [fellow, ...honest] = others;
    if (fellow === undefined) throw new Error("Cannot go on: nobody is there");
    for (let index = 0; index < 10; index++) job.answer(server("liar"), index, "wrong", 0);
    job.closeWindow(server("liar").computeServerId, 0);
    // An accomplice confirms all; then it is caught by a lie of its own.
    for (let index = job.takeWanted(fellow, 0); index !== undefined; index = job.takeWanted(fellow, 0)) job.answer(fellow, index, "wrong", 0);
    expect(job.takeVerdicts().accepted).toEqual([]);
    job.answer(fellow, 100, "wrong", 0);
    job.closeWindow(fellow.computeServerId, 0);
    audit(job, honest, () => "right");
    const { accepted, caught, again } = job.takeVerdicts();
    expect(caught).toHaveLength(2);
    expect(accepted.every(({ answer }) => answer === "right")).toBe(true);
    expect(accepted.length + again.length + job.provisionalCount).toBe(11);
  });

  it("answer: two who confirm each other alone are never enough", () => {
    const job = verification(USUAL);
    const [one, two] = [server("one"), server("two")];
    for (let index = 0; index < 40; index++) job.answer(index % 2 === 0 ? one : two, index, "wrong", 0);
    job.closeWindows(0);
    audit(job, [one, two], () => "wrong");
    expect(job.takeVerdicts().accepted).toEqual([]);
    expect(job.volunteersNeeded).toBe(3);
    expect(job.wantedCount).toBe(40);
  });

  it("answer: who is vouched for is believed at once, and catches who differs", () => {
    const job = verification(USUAL);
    job.answer(server("liar"), 0, "wrong", 0);
    job.answer(server("lab", { vouched: true }), 0, "right", 0);
    job.answer(server("lab", { vouched: true }), 1, "right", 0);
    expect(job.takeVerdicts()).toMatchObject({ accepted: [{ index: 0, answer: "right" }, { index: 1, answer: "right" }], caught: [{ computeServerId: "server-liar" }] });
  });
});
