import { MinHeap } from "../min-heap.ts";
import type { PlacementCandidate, PlacementPolicy } from "./placement.ts";

/**
 * Lowest score first; equal scores by load, then by order of registration. A score may only get worse while work is
 * handed out: then a candidate that another round changed is found on top of the heap, and put where it belongs now.
 */
export function byScore(score: (candidate: PlacementCandidate) => number): PlacementPolicy {
  return {
    begin(candidates) {
      type Scored = { readonly candidate: (typeof candidates)[number]; readonly score: number; readonly load: number };
      const scored = (candidate: Scored["candidate"]): Scored => ({ candidate, score: score(candidate), load: candidate.load });
      const heap = new MinHeap<Scored>((a, b) => {
        if (a.score !== b.score) return a.score < b.score;
        return a.load === b.load ? a.candidate.order < b.candidate.order : a.load < b.load;
      });
      for (const candidate of candidates) heap.push(scored(candidate));
      return {
        take() {
          for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
            const now = scored(top.candidate);
            if (now.score <= top.score && now.load <= top.load) return top.candidate;
            heap.push(now);
          }
          return undefined;
        },
        putBack: (candidate) => heap.push(scored(candidate)),
      };
    },
  };
}
