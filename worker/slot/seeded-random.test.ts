import { expect, test } from "vitest";
import { SeededRandom } from "./seeded-random.ts";

function numbers(jobId: string, index: number, count: number): number[] {
  const random = new SeededRandom(jobId);
  random.reseed(index);
  return Array.from({ length: count }, () => random.next());
}

test("SeededRandom: the same job and task give the same numbers (R10)", () => {
  expect(numbers("job-one", 7, 50)).toEqual(numbers("job-one", 7, 50));
  const random = new SeededRandom("job-one");
  random.reseed(3);
  random.next();
  random.reseed(7);
  expect(Array.from({ length: 50 }, () => random.next())).toEqual(numbers("job-one", 7, 50));
});

test("SeededRandom: its numbers are pinned, for results that were verified must stay so", () => {
  expect(numbers("job-one", 0, 2)).toMatchInlineSnapshot(`
    [
      0.2882212139504443,
      0.6825053498753526,
    ]
  `);
});

test("SeededRandom: other tasks and other jobs give other numbers", () => {
  const firsts = new Set<number>();
  for (let index = 0; index < 10_000; index++) firsts.add(numbers("job-one", index, 1)[0] ?? -1);
  for (let job = 0; job < 1_000; job++) firsts.add(numbers(`job-${job}`, 0, 1)[0] ?? -1);
  expect(firsts.size).toBe(11_000);
});

test("SeededRandom: first numbers of neighbouring tasks are uniform and independent", () => {
  const cells = Array.from({ length: 100 }, () => 0);
  const total = 100_000;
  for (let index = 0; index < total; index++) {
    const [a = 0, b = 0] = numbers("uniform", index, 2);
    const cell = 10 * Math.floor(10 * a) + Math.floor(10 * b);
    cells[cell] = (cells[cell] ?? 0) + 1;
  }
  const chiSquare = cells.reduce((sum, count) => sum + (count - total / 100) ** 2 / (total / 100), 0);
  expect(chiSquare).toBeLessThan(149); // 99 degrees of freedom: passed by 999 of 1000 true generators
});
