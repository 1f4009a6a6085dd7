import type { ComputeServer } from "./compute-server.ts";
import { DEFAULT_WEIGHT } from "./fair-share.ts";
import type { JobRun } from "./job-run.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { listInWords } from "./words.ts";

/** Whose work is told by name; the rest are told together. */
const NAMED = 3;

/** Who has the slots that a job could use, where it has tasks waiting and others have some; null where all are its own. */
export function busyWith(job: JobRun, loadBalancer: LoadBalancer, fitting: readonly ComputeServer[]): string | null {
  let slots = 0;
  let own = 0;
  const others = new Map<string, number>();
  for (const server of fitting) {
    slots += server.slots;
    let position = 0;
    for (const batch of server.batches.values()) {
      if (position++ >= server.lanes) break;
      const atWork = Math.min(server.laneSlots, batch.open);
      if (batch.job === job) own += atWork;
      else {
        const whom = forWhom(job, batch.job, loadBalancer);
        others.set(whom, (others.get(whom) ?? 0) + atWork);
      }
    }
  }
  if (others.size === 0) return null;
  const has = own === 0 ? "" : `It has ${own} of ${slots} Slots. `;
  const all = slots === 1 ? "The only Slot is at work" : own === 0 ? `All ${slots} Slots are at work` : "The others are at work";
  return `${has}${all}${inWords(others)}.${partInWords(job, loadBalancer, slots)}`;
}

function forWhom(job: JobRun, other: JobRun, loadBalancer: LoadBalancer): string {
  const { owner, priority } = other.spec;
  if (owner === job.spec.owner) return priority > job.spec.priority ? "for jobs of the same owner with a higher priority" : "for other jobs of the same owner";
  const weight = loadBalancer.weightOf(owner);
  return weight === DEFAULT_WEIGHT ? `for ${owner}` : `for ${owner}, whose weight is ${weight}`;
}

function inWords(others: ReadonlyMap<string, number>): string {
  const sorted = [...others].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1));
  const [only, second] = sorted;
  if (only !== undefined && second === undefined) return ` ${only[0]}`;
  const named = sorted.slice(0, NAMED).map(([whom, slots]) => `${slots} ${whom}`);
  const rest = sorted.slice(NAMED).reduce((sum, [, slots]) => sum + slots, 0);
  return `: ${listInWords(rest === 0 ? named : [...named, `${rest} for others`])}`;
}

/** What its owner's weight comes to, where other owners want slots too. */
function partInWords(job: JobRun, loadBalancer: LoadBalancer, slots: number): string {
  const part = loadBalancer.partOf(job.spec.owner);
  if (part === 1) return "";
  const due = part * slots;
  return ` The part of ${job.spec.owner} comes to ${due < 10 ? Number(due.toFixed(1)) : Math.round(due)} of ${slots}.`;
}
