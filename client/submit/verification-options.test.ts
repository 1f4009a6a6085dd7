import { expect, test } from "vitest";
import { EMPTY_DRAFT } from "./draft.ts";
import { answerRules, verificationOptions } from "./verification-options.ts";

const chosen = EMPTY_DRAFT.options.verification;

test("verificationOptions: what is left to the hub is not sent", () => {
  expect(verificationOptions(chosen)).toEqual({});
  expect(verificationOptions({ ...chosen, compare: "set", sameEngine: true })).toEqual({ compare: "set", engines: "same" });
});

test("verificationOptions: a policy goes with its number, and the first answer with nothing else", () => {
  expect(verificationOptions({ ...chosen, policy: "quorum", quorum: 3 })).toEqual({ verification: { quorum: 3 } });
  expect(verificationOptions({ ...chosen, policy: "credibility", errorPercent: 0.5, compare: "tolerance", relative: 1e-6, absolute: 2 }))
    .toEqual({ verification: { credibility: { errorRate: 0.005 } }, compare: { relative: 1e-6, absolute: 2 } });
  expect(verificationOptions({ ...chosen, policy: "first", compare: "set", sameEngine: true })).toEqual({ verification: "first" });
});

test("answerRules: the hub's own where none is chosen", () => {
  expect(answerRules(chosen, { quorum: 2 })).toEqual({ policy: { quorum: 2 }, compare: "exact", engines: "any" });
  expect(answerRules(chosen, undefined)).toMatchObject({ policy: "first" });
  expect(answerRules({ ...chosen, policy: "first" }, { quorum: 2 })).toMatchObject({ policy: "first" });
});
