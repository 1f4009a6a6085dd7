import * as fc from "fast-check";
import { expect, test } from "vitest";
import countWords, { inputs } from "./job.ts";

test("countWords: the most frequent first, whatever the case", () => {
  expect(countWords("The cat, the dog and THE bird. A cat!")).toEqual([
    { word: "the", count: 3 }, { word: "cat", count: 2 }, { word: "a", count: 1 }, { word: "and", count: 1 }, { word: "bird", count: 1 }, { word: "dog", count: 1 },
  ]);
});

test("countWords: words of any script, with an apostrophe or a hyphen inside", () => {
  expect(countWords("Don’t 'quote' well-known Größe слово नमस्ते 42 -- …").map(({ word }) => word).toSorted()).toEqual(
    ["don’t", "quote", "well-known", "größe", "слово", "नमस्ते", "42"].toSorted(),
  );
  expect(countWords("")).toEqual([]);
});

test("inputs: split over tasks, every word is counted once and in one place (R2)", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom("ape", "ant", "bee", "Bear", "über", "éclair", "7th"), { maxLength: 60 }), (words) => {
    const text = words.join(" ");
    const rows = inputs({ text }).flatMap(countWords);
    expect(new Set(rows.map(({ word }) => word)).size).toBe(rows.length);
    const byWord = (list: typeof rows) => list.toSorted((a, b) => (a.word < b.word ? -1 : 1));
    expect(byWord(rows)).toEqual(byWord(countWords(text)));
  }));
});
