// How much is to be believed of what strangers answer. Saboteurs are a known part of all and work hand in hand: they give the
// same wrong answers to the same tasks, and each behaves for as long as that helps. After L. F. G. Sarmenta, "Sabotage-tolerance
// mechanisms for volunteer computing systems" (2002), whose bound on who passes checks is kept; his product over the members
// of a group is not, for it takes their lies for independent.

/** Rounding must not refuse what reaches a threshold exactly. */
const ROUNDING = 1e-12;
/** An answer that nobody else gave is accepted at this part of the error rate: the rest is for what a pair of liars gets through. */
const ALONE = 0.8;

/** `saboteurShare`: the part of all volunteers that is taken for liars, below a half. `errorRate`: what is aimed at. */
export interface Trust {
  readonly saboteurShare: number;
  readonly errorRate: number;
}

/** Odds that one volunteer is a saboteur. */
export function odds(saboteurShare: number): number {
  return saboteurShare / (1 - saboteurShare);
}

/**
 * Odds that an answer is wrong which so many volunteers gave, and nobody another, where others have confirmed `audits`
 * answers of the best of them, drawn at random after it gave them. With a part s of lies it passes with (1 − s(1 − f))^audits;
 * s times this is the most at s = 1 / ((1 − f)(audits + 1)), about 1 / ((1 − f) e (audits + 1)). Each further member is a saboteur as likely as
 * anybody, and then does as its accomplice did.
 */
export function wrongOdds(members: number, audits: number, saboteurShare: number): number {
  const lies = Math.min(1, 1 / ((1 - saboteurShare) * (audits + 1)));
  return odds(saboteurShare) * saboteurShare ** (members - 1) * lies * (1 - lies * (1 - saboteurShare)) ** audits;
}

export function areEnough(members: number, audits: number, { saboteurShare, errorRate }: Trust): boolean {
  return wrongOdds(members, audits, saboteurShare) <= errorRate * (members === 1 ? ALONE : 1) + ROUNDING;
}

/** How many audits of a Compute Server, all passed, make an answer good that it alone gave. */
export function auditsForOne({ saboteurShare, errorRate }: Trust): number {
  let audits = Math.max(1, Math.floor(odds(saboteurShare) / ((1 - saboteurShare) * Math.E * ALONE * errorRate) - 1));
  while (!areEnough(1, audits, { saboteurShare, errorRate })) audits++;
  return audits;
}

/** How many more must be for an answer than against it before the others are taken for liars. */
export function leadToCatch({ saboteurShare, errorRate }: Trust): number {
  return Math.max(2, Math.ceil(Math.log(errorRate) / Math.log(odds(saboteurShare)) - ROUNDING) - 1);
}

/** So many volunteers at least stand behind what is accepted, as members or auditors: that all of them are accomplices is within the error rate. */
export function volunteersBehind({ saboteurShare, errorRate }: Trust): number {
  return Math.max(2, Math.ceil(Math.log(errorRate) / Math.log(saboteurShare) - ROUNDING));
}
