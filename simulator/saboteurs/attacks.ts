import { SeededRandom } from "../../scheduler/seeded-random.ts";

/** What a saboteur knows when it is given a task. They share all that they know. */
export interface Given {
  readonly index: number;
  /** Past every index that one of them was given: nobody can have answered it before, so it is no audit. */
  readonly isNew: boolean;
  /** Answers that it gave under its name in this job. */
  readonly answered: number;
  /** Tasks of the job. */
  readonly tasks: number;
}

/**
 * A way to attack. All saboteurs collude: whatever the attack, a task that one of them lied on is lied on by all, in the
 * same words.
 */
export interface Attack {
  readonly name: string;
  readonly about: string;
  /** Whether to lie on a task that no other saboteur has lied on. `share`: how often, where the attack has a choice. */
  lies(given: Given, share: number, random: SeededRandom): boolean;
  /** Who was caught comes back at once, under a new name. */
  readonly comesBack?: boolean;
  /** Leaves after so many answers, before anybody has looked at them, and comes back under a new name. */
  readonly leavesAfter?: number;
  /** Many names of one: behind one network address, or of one account. */
  readonly one?: "network" | "volunteer";
  /** It denies having lied where another saboteur's lie is audited. */
  readonly betrays?: boolean;
}

const chance = (share: number, random: SeededRandom) => random.next() < share;

/** The same tasks for all, without a word between them. */
function isChosen(index: number, share: number): boolean {
  return new SeededRandom(Math.imul(index, 0x9e3779b1)).next() < share;
}

const STEADY: Attack = { name: "steady", about: "lies by chance, on a part s of its answers", lies: (_, share, random) => chance(share, random) };
const NEW_ONLY: Attack = {
  name: "new tasks only", about: "lies on tasks that are no audit, as their index tells, and is honest when it audits the honest",
  lies: ({ isNew }, share, random) => isNew && chance(share, random),
};

/** Answers after which a published rule trusts somebody at an error rate of 1 % (f/ε), and others. */
const BEHAVES = [5, 10, 20, 40];

export const ATTACKS: readonly Attack[] = [
  STEADY,
  { ...STEADY, name: "steady, new name", about: "the same, and who is caught comes back as somebody new", comesBack: true },
  { name: "same tasks", about: "lies on tasks that all of them choose alike", lies: ({ index }, share) => isChosen(index, share) },
  NEW_ONLY,
  { ...NEW_ONLY, name: "new tasks only, new name", about: "the same, and who is caught comes back as somebody new", comesBack: true },
  ...BEHAVES.map((k): Attack => ({
    name: `behaves for ${k}`, about: `is honest for ${k} answers, then lies on a part s`,
    lies: ({ answered }, share, random) => answered >= k && chance(share, random),
  })),
  { ...STEADY, name: "leaves in time", about: "leaves after ten answers, before they are looked at, and comes back as somebody new", leavesAfter: 10, comesBack: true },
  {
    name: "last tasks", about: "lies on the last tenth of the tasks only",
    lies: ({ index, tasks }, share, random) => index >= 0.9 * tasks && chance(share, random),
  },
  { name: "false witness", about: "is honest on new tasks, and lies when it audits others", lies: ({ isNew }, share, random) => !isNew && chance(share, random) },
  { ...STEADY, name: "traitor", about: "lies, and catches accomplices by being honest when it audits them", betrays: true },
  { ...STEADY, name: "one address", about: "many names behind one network address", one: "network" },
  { ...STEADY, name: "one volunteer", about: "many names of one account", one: "volunteer" },
];

export function attackNamed(name: string): Attack {
  const attack = ATTACKS.find((known) => known.name === name);
  if (attack === undefined) throw new Error(`Cannot attack by "${name}": there is no such way. It is one of ${ATTACKS.map((known) => known.name).join(", ")}.`);
  return attack;
}
