import { setTimeout as wait } from "node:timers/promises";
import { DISK_FULL_RETRY_MS } from "../disk-full.ts";
import { FullDisk } from "./full-disk.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Reply, Request } from "./thread-messages.ts";

interface Surroundings {
  readonly answer: (requests: readonly Request[], replies: readonly Reply[]) => void;
  /** What came since it was asked last. */
  readonly arrived: () => readonly Request[];
  /** Told once when the disk is full, and once when it takes writes again. */
  readonly report: (message: string) => void;
}

/** Commits groups, one after the other, and answers them. While the disk is full it goes on with what it can (full-disk.ts). */
export class CommitWhenSpace {
  readonly #groups: GroupCommit;
  readonly #surroundings: Surroundings;
  readonly #full = new FullDisk();

  constructor(groups: GroupCommit, surroundings: Surroundings) {
    this.#groups = groups;
    this.#surroundings = surroundings;
  }

  async commit(group: readonly Request[]): Promise<void> {
    const { answer, arrived, report } = this.#surroundings;
    let told = false;
    let requests = this.#withoutRefused(group);
    for (;;) {
      const replies = this.#groups.run(requests.map(({ operation }) => operation));
      if (replies !== "disk-full") {
        answer(requests, replies);
        if (told) report("The archive writes again: the disk has space.");
        return;
      }
      const { answered, waiting } = this.#full.sort(this.#groups, requests);
      answer(answered.map(([request]) => request), answered.map(([, reply]) => reply));
      if (!told) report(`Cannot write to the archive: the disk is full. What runs goes on, ${waiting.length} operations wait and are tried again each second; free some space.`);
      told = true;
      this.#groups.emptyLog();
      await wait(DISK_FULL_RETRY_MS);
      requests = [...waiting, ...this.#withoutRefused(arrived())];
    }
  }

  #withoutRefused(requests: readonly Request[]): readonly Request[] {
    const left: Request[] = [];
    for (const request of requests) {
      const refused = this.#full.refusal(request);
      if (refused === undefined) left.push(request);
      else {
        this.#surroundings.answer([request], [refused.reply]);
        if (refused.removal !== undefined) left.push(refused.removal);
      }
    }
    return left;
  }
}
