import { describe, expect, it } from "vitest";
import { comparePolicies } from "./compare-policies.ts";
import { plotUtilisation } from "./plot.ts";
import { runScenario } from "./run-scenario.ts";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

function scenario(name: string): Scenario {
  const found = SCENARIOS[name];
  if (found === undefined) throw new Error(`Cannot find the scenario ${name}`);
  return found;
}

describe("runScenario", () => {
  it("tabs: within 5 % of the lower bound, with less than 5 % wasted; without help for the last tasks it is not", () => {
    const result = runScenario(scenario("tabs"), { seed: 2, unchecked: true });
    expect(result.makespanMs / result.boundMs).toBeGreaterThan(1);
    expect(result.makespanMs / result.boundMs).toBeLessThan(1.05);
    expect(result.wasted).toBeLessThan(0.05);
    const without = runScenario(scenario("tabs"), { seed: 2, unchecked: true, help: false });
    expect(without.makespanMs / without.boundMs).toBeGreaterThan(1.05);
  });

  it.each(["homogeneous", "heterogeneous", "two-classes", "thousand-to-one", "churn", "bad-network", "lost-balancers"])(
    "%s: every rule holds, the slowest server has work, and the time left at half-way is told within 20 %", (name) => {
      const result = runScenario(scenario(name), { seed: 1 });
      expect(result.makespanMs / result.boundMs).toBeGreaterThan(1);
      expect(result.makespanMs / result.boundMs).toBeLessThan(1.15);
      expect(result.utilisation.min).toBeGreaterThan(0.8);
      expect(Math.abs((result.estimateAtHalf ?? 0) - 1)).toBeLessThan(0.2);
    });

  it("small-behind-large: ten tasks behind ten million begin within one batch time", () => {
    const result = runScenario(scenario("small-behind-large"), { seed: 1 });
    expect(result.longestFirstWaitMs).toBeLessThan(1_100);
    expect(result.meanTimeInSystemMs).toBeLessThan(4_000);
  });

  it("the same seed gives the same trace, another one another (R10)", () => {
    const traces = [1, 1, 2].map((seed) => runScenario(scenario("freezes"), { seed, unchecked: true }).traceHash);
    expect(traces[0]).toBe(traces[1]);
    expect(traces[0]).not.toBe(traces[2]);
  });

  it("liars: what they say of a job that trusts the first answer is counted", () => {
    const lied = { ...scenario("homogeneous"), population: { ...scenario("homogeneous").population, liars: { share: 0.2, lieShare: 0.5 } } };
    const { wrongAccepted } = runScenario(lied, { seed: 1, unchecked: true });
    expect(wrongAccepted / 20_000).toBeCloseTo(0.1, 1);
  });
});

describe("plotUtilisation", () => {
  it("draws an SVG", async () => {
    const svg = await plotUtilisation("two classes", runScenario(scenario("two-classes"), { seed: 1, unchecked: true }));
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("two classes");
  });
});

describe("comparePolicies", () => {
  it("tells of every policy", () => {
    const rows = [...comparePolicies(1, 1, ["homogeneous"])];
    expect(new Set(rows.map(({ policy }) => policy)).size).toBe(6);
    for (const { makespan, spread } of rows) {
      expect(makespan).toBeGreaterThan(1);
      expect(makespan).toBeLessThan(1.05);
      expect(spread).toBeLessThan(0.05);
    }
  });
});
