import * as fc from "fast-check";
import { expect, test } from "vitest";
import align, { inputs, similarity } from "./job.ts";
import { SAMPLE_FASTA, SAMPLE_QUERY } from "./sample.ts";

const COSTS = { gapOpen: 11, gapExtend: 1 };
const LETTERS = "ARNDCQEGHILKMFPSTWYV";

function pair(query: string, sequence: string, costs = COSTS) {
  return align({ query, sequence, name: "", ...costs });
}

test("similarity: BLOSUM62 is symmetric, with the known values", () => {
  for (const a of LETTERS) for (const b of LETTERS) expect(similarity(a, b)).toBe(similarity(b, a));
  expect([similarity("W", "W"), similarity("C", "C"), similarity("I", "V"), similarity("W", "C"), similarity("K", "R"), similarity("J", "A")]).toEqual([11, 9, 3, -2, 2, 0]);
});

test("align: haemoglobin's alpha and beta chain score 285 with 63 of 145 letters alike, as BLAST tells", () => {
  const [alpha, beta] = [...inputs({ query: "", fasta: SAMPLE_FASTA })].map(({ sequence }) => sequence);
  const { score, length, identity } = pair(alpha ?? "", beta ?? "");
  expect([score, length, Math.round(identity * length)]).toEqual([285, 145, 63]);
});

test("align: a sequence against itself aligns whole, and scores its diagonal", () => {
  const diagonal = Array.from(SAMPLE_QUERY).reduce((sum, letter) => sum + similarity(letter, letter), 0);
  expect(pair(SAMPLE_QUERY, SAMPLE_QUERY)).toEqual({ name: "", score: diagonal, identity: 1, length: SAMPLE_QUERY.length, query: SAMPLE_QUERY, target: SAMPLE_QUERY });
});

test("align: sequences without anything in common have no alignment", () => {
  expect(pair("WWW", "PPP")).toMatchObject({ score: 0, length: 0, query: "", target: "" });
  expect(pair("", "PPP")).toMatchObject({ score: 0, length: 0 });
});

/** The best local score by trying everything: slow, and plainly right. */
function bestByTrying(query: string, target: string, { gapOpen, gapExtend }: typeof COSTS): number {
  const from = (i: number, j: number, gapIn: "query" | "target" | null): number => {
    const choices = [0];
    const cost = (side: "query" | "target") => gapExtend + (gapIn === side ? 0 : gapOpen);
    if (i < query.length && j < target.length) choices.push(similarity(query.charAt(i), target.charAt(j)) + from(i + 1, j + 1, null));
    if (i < query.length) choices.push(from(i + 1, j, "target") - cost("target"));
    if (j < target.length) choices.push(from(i, j + 1, "query") - cost("query"));
    return Math.max(...choices);
  };
  let best = 0;
  for (let i = 0; i < query.length; i++) for (let j = 0; j < target.length; j++) best = Math.max(best, from(i, j, null));
  return best;
}

test("align: no alignment is better, and the one that is told has the score that is told", () => {
  const protein = fc.string({ unit: fc.constantFrom("W", "C", "A", "H"), maxLength: 5 });
  const costs = fc.record({ gapOpen: fc.integer({ min: 0, max: 6 }), gapExtend: fc.integer({ min: 1, max: 3 }) });
  fc.assert(fc.property(protein, protein, costs, (query, target, costs) => {
    const found = pair(query, target, costs);
    expect(found.score).toBe(bestByTrying(query, target, costs));
    expect(scoreOf(found.query, found.target, costs)).toBe(found.score);
    expect(query).toContain(found.query.replaceAll("-", ""));
    expect(target).toContain(found.target.replaceAll("-", ""));
  }), { numRuns: 150 });
});

function scoreOf(top: string, bottom: string, { gapOpen, gapExtend }: typeof COSTS): number {
  let score = 0;
  for (let i = 0; i < top.length; i++) {
    const [a, b] = [top.charAt(i), bottom.charAt(i)];
    if (a !== "-" && b !== "-") score += similarity(a, b);
    else score -= gapExtend + ((a === "-" ? top : bottom).charAt(i - 1) === "-" ? 0 : gapOpen);
  }
  return score;
}

test("inputs: a task a record, whatever the lines and their ends", () => {
  expect([...inputs({ query: "Q", fasta: ">one first\r\nAC\r\nDE\r\n\r\n>two\nFG" })]).toEqual([
    { query: "Q", name: "one first", sequence: "ACDE", ...COSTS }, { query: "Q", name: "two", sequence: "FG", ...COSTS },
  ]);
});
