import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { makeTables } from "../tables/make-tables.ts";
import { attackNamed } from "./attacks.ts";
import { JobAmongSaboteurs } from "./job-among-saboteurs.ts";
import { SABOTEUR_TABLES } from "./saboteurs.ts";
import { votingError, votingWork } from "./voting.ts";

/** What is judged is a sample: another seed may need luck. */
const SEED = 1;

describe("makeTables with saboteurs", () => {
  it("finds what is published, and errors and work of ours within their bounds", () => {
    const shown: string[] = [];
    const misses = makeTables(SABOTEUR_TABLES, { seed: SEED, quick: true }, (text) => shown.push(text));
    expect(shown).toHaveLength(SABOTEUR_TABLES.length);
    expect(misses, shown.join("\n")).toBe(0);
  });
});

describe("JobAmongSaboteurs", () => {
  const setting = { tasks: 1_000, servers: 40, saboteurShare: 0.2, errorRate: 0.01, attack: attackNamed("steady"), lieShare: 0.3 };

  it("is the same for the same seed (R10)", () => {
    const run = () => new JobAmongSaboteurs(setting, new SeededRandom(7)).run();
    expect(run()).toEqual(run());
    expect(new JobAmongSaboteurs(setting, new SeededRandom(8)).run()).not.toEqual(run());
  });

  it("accepts every task right where nobody lies, and catches nobody", () => {
    const { error, caught, failed } = new JobAmongSaboteurs({ ...setting, lieShare: 0 }, new SeededRandom(7)).run();
    expect({ error, caught, failed }).toEqual({ error: 0, caught: 0, failed: 0 });
  });

  it("has wrong results where more lie than the rule was told of: it is not blind to them", () => {
    const verified = new JobAmongSaboteurs({ ...setting, assumedShare: 0.05, saboteurShare: 0.45 }, new SeededRandom(7)).run();
    expect(verified.error).toBeGreaterThan(setting.errorRate);
  });
});

describe("votingError", () => {
  it("is φ for a single vote, and a toss where half of all answers lie", () => {
    expect(votingError(1, 0.2)).toBeCloseTo(0.2, 12);
    expect(votingWork(1, 0.2)).toBeCloseTo(1, 12);
    for (const m of [2, 3, 5]) expect(votingError(m, 0.5)).toBeCloseTo(0.5, 12);
  });
});
