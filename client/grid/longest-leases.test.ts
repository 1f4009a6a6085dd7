import { expect, test } from "vitest";
import { longestLeases } from "./longest-leases.ts";

test("longestLeases: keeps the most that was seen, and grows with a renewal", () => {
  const first = longestLeases(new Map(), [["a", 20_000], ["b", 5_000]]);
  const later = longestLeases(first, [["a", 18_000], ["b", 9_000]]);
  expect([...later]).toEqual([["a", 20_000], ["b", 9_000]]);
});

test("longestLeases: forgets who is gone and has nothing for a lease for ever (bounded memory)", () => {
  expect([...longestLeases(new Map([["gone", 1]]), [["ever", null]])]).toEqual([]);
});

test("longestLeases: the same map where nothing changed", () => {
  const before = longestLeases(new Map(), [["a", 20_000]]);
  expect(longestLeases(before, [["a", 100]])).toBe(before);
});
