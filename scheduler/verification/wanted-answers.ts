import type { Tally } from "./tally.ts";
import type { Answerer, Voter } from "./voter.ts";

/** Groups looked at for one Compute Server before it is told that there is nothing for it: it asks again soon. */
const GROUPS_LOOKED_AT = 256;

/** Tasks that want one more answer and have the same behind them: who may not give it is told once for all of them. */
interface Group {
  readonly voters: readonly Voter[];
  readonly abstained: readonly Voter[];
  readonly engineName: string;
  readonly tallies: Set<Tally>;
  readonly sinceMs: number;
}

interface Place {
  readonly groups: Map<string, Group>;
  readonly key: string;
  readonly group: Group;
}

function idsOf(voters: readonly Voter[]): string {
  return voters.length === 1 ? voters[0]?.computeServerId ?? "" : voters.map(({ computeServerId }) => computeServerId).sort().join();
}

/**
 * The tasks that want one more answer. It never comes from a volunteer who has given or was asked for one, and from none
 * behind the same network address, nor who failed at the task, until it has waited for another for `patienceMs`.
 */
export class WantedAnswers {
  /** By how many answers tasks have or were asked for. */
  readonly #tiers: Map<string, Group>[] = [];
  readonly #groupOf = new Map<Tally, Place>();
  readonly #patienceMs: number;
  readonly #sameEngine: boolean;

  constructor(patienceMs: number, sameEngine: boolean) {
    this.#patienceMs = patienceMs;
    this.#sameEngine = sameEngine;
  }

  get size(): number {
    return this.#groupOf.size;
  }

  add(tally: Tally, nowMs: number): void {
    this.remove(tally);
    const voters = [...tally.votes.map(({ voter }) => voter), ...tally.asked];
    const key = `${idsOf(voters)};${idsOf(tally.abstained)};${tally.engineName}`;
    const groups = this.#tier(voters.length);
    let group = groups.get(key);
    if (group === undefined) {
      group = { voters, abstained: tally.abstained, engineName: tally.engineName, tallies: new Set(), sinceMs: nowMs };
      groups.set(key, group);
    }
    group.tallies.add(tally);
    this.#groupOf.set(tally, { groups, key, group });
  }

  remove(tally: Tally): void {
    const place = this.#groupOf.get(tally);
    if (place === undefined) return;
    const { groups, key, group } = place;
    this.#groupOf.delete(tally);
    group.tallies.delete(tally);
    if (group.tallies.size === 0) groups.delete(key);
  }

  /**
   * The task that should have an answer of this one next: of those with the fewest answers, as others may be decided
   * meanwhile by what becomes known of who gave theirs.
   */
  next(answerer: Answerer, nowMs: number): Tally | undefined {
    let lookedAt = 0;
    for (const tier of this.#tiers) {
      for (const [key, group] of tier) {
        if (++lookedAt > GROUPS_LOOKED_AT) return undefined;
        if (!this.#mayAnswer(group, answerer, nowMs)) continue;
        const [tally] = group.tallies;
        if (tally === undefined) continue;
        // What it is given next comes from somebody else: no two audit each other's windows alone.
        tier.delete(key);
        tier.set(key, group);
        return tally;
      }
    }
    return undefined;
  }

  /** When some task may be answered from behind an address that it has an answer from; Infinity where none waits for that. */
  patienceEndsAtMs(nowMs: number): number {
    let endsAtMs = Infinity;
    let lookedAt = 0;
    for (const groups of this.#tiers) {
      for (const { sinceMs } of groups.values()) {
        if (++lookedAt > GROUPS_LOOKED_AT) return endsAtMs;
        if (sinceMs + this.#patienceMs > nowMs) endsAtMs = Math.min(endsAtMs, sinceMs + this.#patienceMs);
      }
    }
    return endsAtMs;
  }

  #mayAnswer({ voters, abstained, engineName, sinceMs }: Group, answerer: Answerer, nowMs: number): boolean {
    if (this.#sameEngine && engineName !== "" && engineName !== answerer.engineName) return false;
    const isPatient = nowMs < sinceMs + this.#patienceMs;
    if (isPatient && abstained.some(({ volunteer }) => volunteer === answerer.volunteer)) return false;
    return voters.every(({ volunteer, network }) => volunteer !== answerer.volunteer && !(isPatient && network !== "" && network === answerer.network));
  }

  #tier(answers: number): Map<string, Group> {
    while (this.#tiers.length < answers) this.#tiers.push(new Map());
    return this.#tiers[answers - 1] ?? new Map<string, Group>();
  }
}
