import { areEnough, leadToCatch, volunteersBehind, type Trust } from "./credibility.ts";
import type { AnswerDigest } from "./verification.ts";
import type { Voter } from "./voter.ts";
import type { Window } from "./window.ts";

/** What a job asks for before it accepts an answer. */
export type Evidence = { readonly kind: "quorum"; readonly answers: number } | ({ readonly kind: "credibility" } & Trust);

export interface Vote {
  readonly voter: Voter;
  readonly answer: AnswerDigest;
}

/** The answers to one undecided task. About 350 bytes with one answer, all that refers to it included. */
export interface Tally {
  readonly index: number;
  /** In the order in which they came. The first is in a window of its voter. */
  votes: readonly Vote[];
  /** Null in quorum jobs. */
  window: Window | null;
  /** Counted in its window as confirmed. */
  isConfirmed: boolean;
  /** Who was asked for one more answer and has not given it. */
  asked: readonly Voter[];
  /** Who was asked and failed at it. */
  abstained: readonly Voter[];
  /** Where its answers come from; empty where that is not known. */
  engineName: string;
}

/** How a task's answers stand. */
export interface Standing {
  readonly leading: AnswerDigest | undefined;
  readonly isDecided: boolean;
  /** Answers that are not the leading one. */
  readonly against: number;
  /** How many more are wanted now. */
  readonly missing: number;
}

const NOTHING: Standing = { leading: undefined, isDecided: false, against: 0, missing: 0 };

export function standing(tally: Tally, evidence: Evidence): Standing {
  const counts = new Map<AnswerDigest, number>();
  let leading: AnswerDigest | undefined;
  for (const { answer, voter } of tally.votes) {
    // Who is vouched for decides alone; where two such differ, the first.
    if (evidence.kind === "credibility" && voter.vouched) return { leading: answer, isDecided: true, against: 0, missing: 0 };
    const count = (counts.get(answer) ?? 0) + 1;
    counts.set(answer, count);
    if (leading === undefined || count > (counts.get(leading) ?? 0)) leading = answer;
  }
  if (leading === undefined) return NOTHING;
  const members = counts.get(leading) ?? 0;
  const against = tally.votes.length - members;
  const missing = evidence.kind === "quorum" ? evidence.answers - members : lacking(tally, members, against, evidence);
  return { leading, isDecided: missing !== null && missing <= 0, against, missing: Math.max(0, missing ?? 0) };
}

/** How many more answers are wanted; none: it is decided; null: something else is waited for. */
function lacking(tally: Tally, members: number, against: number, trust: Trust): number | null {
  const { window } = tally;
  if (against > 0) {
    // One quarrel of a Compute Server at a time: when it loses that, the others are over too.
    const [first] = window?.contested ?? [];
    return first === undefined || first === tally ? Math.max(0, leadToCatch(trust) - (members - against)) : null;
  }
  if (areEnough(members, 0, trust) && members >= volunteersBehind(trust)) return 0;
  if (window === null) return 1;
  if (!window.isClear) return window.due.has(tally) && window.contested.size === 0 ? 1 : null;
  const audits = members === 1 ? window.agreed : window.voter.confirmed - (tally.isConfirmed ? 1 : 0);
  const behind = members + window.auditors.size - (tally.isConfirmed ? members - 1 : 0);
  if (areEnough(members, audits, trust) && behind >= volunteersBehind(trust)) return 0;
  // More of its window are drawn first.
  if (members === 1) return null;
  if (window.pool.isEnough(members)) return 0;
  return window.pool.mayBeEnough(members) ? null : 1;
}
