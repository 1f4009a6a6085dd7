import type { RunningGrid } from "../grid/running-grid.ts";
import { LINK_LIMITS } from "../limits.ts";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import type { ComputeLink } from "./link.ts";

const LOOK_MS = 1_000;
/** A Compute Server that the hub does not read for so many looks in a row has its lease renewed. */
const RENEW_LOOKS = 5;

/** Looks at all open links again and again: cuts off who takes nothing or never ends a frame. */
export function watchLinks(links: ReadonlySet<ComputeLink>, grid: RunningGrid, onRefusal: (limit: string) => void): NodeJS.Timeout {
  let looks = 0;
  return setInterval(() => {
    const nowMs = Math.floor(performance.now());
    looks++;
    let unfinishedBytes = 0;
    for (const link of links) {
      link.look(nowMs);
      unfinishedBytes += link.unfinishedBytes;
      // It may have said that it lives: the hub has not listened.
      if (looks % RENEW_LOOKS === 0 && link.isHeldBack && link.computeServerId !== undefined) {
        grid.dispatch({ type: "server-renewed", computeServerId: link.computeServerId });
      }
    }
    if (unfinishedBytes > LINK_LIMITS.unfinishedBytesOfAll) cutLargest(links, unfinishedBytes, onRefusal);
  }, LOOK_MS).unref();
}

/** Together they hold too much that may never become a frame: who holds the most goes. */
function cutLargest(links: ReadonlySet<ComputeLink>, bytes: number, onRefusal: (limit: string) => void): void {
  let left = bytes;
  for (const link of [...links].sort((a, b) => b.unfinishedBytes - a.unfinishedBytes)) {
    if (left <= LINK_LIMITS.unfinishedBytesOfAll) return;
    left -= link.unfinishedBytes;
    onRefusal("unfinishedBytesOfAll");
    link.close(CLOSE_CODES.tooMany, "Cannot keep this frame that has not ended: those of all links take too much memory. Come back later.");
  }
}
