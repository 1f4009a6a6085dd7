import { describe, expect, it } from "vitest";
import { exponential } from "../simulator/distributions.ts";
import { MeanStay } from "./mean-stay.ts";
import { SeededRandom } from "./seeded-random.ts";

function server(registeredAtMs: number) {
  return { statistics: { registeredAtMs } };
}

describe("MeanStay", () => {
  it("says nothing while few have left", () => {
    const stay = new MeanStay();
    for (let i = 0; i < 4; i++) { stay.arrived(server(0)); stay.left(server(0), 100); }
    expect(stay.meanMs(1_000)).toBe(Infinity);
  });

  it("finds the mean of exponential stays, those that still stay counted in", () => {
    const random = new SeededRandom(1);
    const stays = exponential(60_000);
    const stay = new MeanStay();
    const endMs = 60_000;
    for (let i = 0; i < 10_000; i++) {
      stay.arrived(server(0));
      const stayMs = stays.draw(random);
      if (stayMs < endMs) stay.left(server(0), stayMs);
    }
    expect(stay.meanMs(endMs) / 60_000).toBeCloseTo(1, 1);
  });
});
