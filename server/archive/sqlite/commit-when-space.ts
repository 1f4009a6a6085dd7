import { setTimeout as wait } from "node:timers/promises";
import { DISK_FULL_RETRY_MS } from "../disk-full.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Operation, Reply } from "./thread-messages.ts";

/** Commits a group; again and again while the disk is full, with a report each time. What comes later waits behind it. */
export async function commitWhenSpace(
  groups: GroupCommit, operations: readonly Operation[], report: (message: string) => void,
): Promise<readonly Reply[]> {
  for (;;) {
    const replies = groups.run(operations);
    if (replies !== "disk-full") return replies;
    report(`Cannot write to the archive: the disk is full. ${operations.length} operations wait and are tried again; free some space.`);
    await wait(DISK_FULL_RETRY_MS);
  }
}
