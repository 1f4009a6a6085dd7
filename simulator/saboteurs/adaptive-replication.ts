import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { SaboteurRun } from "./saboteur-run.ts";

/** From so many valid answers in a row on, a host may be trusted. */
const TRUSTED_FROM = 10;
const QUORUM = 2;

interface Host {
  readonly lies: boolean;
  validInARow: number;
}

/**
 * BOINC's adaptive replication among hosts of which a share behaves until it may be trusted and then always lies, all the
 * same. A task goes to a host drawn at random. One with at least ten valid answers in a row is trusted with probability
 * 1 − 1/(valid in a row): its answer is accepted alone, and counts as valid. Else others are asked until two agree.
 */
export function simulateAdaptiveReplication(tasks: number, servers: number, saboteurShare: number, random: SeededRandom): SaboteurRun {
  const hosts: Host[] = Array.from({ length: servers }, (_, i) => ({ lies: i < saboteurShare * servers, validInARow: 0 }));
  const draw = () => hosts[random.below(servers)] ?? { lies: false, validInARow: 0 };
  let wrongAccepted = 0;
  let runs = 0;
  for (let task = 0; task < tasks; task++) {
    const first = draw();
    const isTrusted = first.validInARow >= TRUSTED_FROM && random.next() >= 1 / first.validInARow;
    const answers = new Map<Host, boolean>([[first, isLie(first)]]);
    let accepted = isTrusted ? isLie(first) : undefined;
    while (accepted === undefined) {
      const other = draw();
      if (answers.has(other)) continue;
      answers.set(other, isLie(other));
      accepted = [true, false].find((lie) => [...answers.values()].filter((answer) => answer === lie).length >= QUORUM);
    }
    for (const [host, answer] of answers) host.validInARow = answer === accepted ? host.validInARow + 1 : 0;
    runs += answers.size;
    if (accepted) wrongAccepted++;
  }
  return { error: wrongAccepted / tasks, work: runs / tasks };
}

function isLie({ lies, validInARow }: Host): boolean {
  return lies && validInARow >= TRUSTED_FROM;
}
