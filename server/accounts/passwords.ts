import { hash, verify, type Options } from "@node-rs/argon2";
import { GridError } from "../../protocol/grid-error.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { newSecret } from "./secrets.ts";

/**
 * Argon2id with the least that OWASP's Password Storage Cheat Sheet (2025) names: 19 MiB of memory, two passes, one lane.
 * A hash says by what it was made, so that a change here leaves those that are stored readable.
 */
const ARGON2ID: Options = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1, outputLen: 32 };

/** Hashes and checks passwords, a few at a time: a flood of sign-ins waits or is refused, and the hub has its processors. */
export class Passwords {
  /** Of a password that nobody has: checked in the place of one that is not there, so that both take the same time. */
  readonly #nobodys: Promise<string>;
  readonly #waiting: (() => void)[] = [];
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  #underWay = 0;

  constructor(atOnce: number = ACCOUNT_LIMITS.hashesAtOnce, mostWaiting: number = ACCOUNT_LIMITS.hashesWaiting) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
    this.#nobodys = hash(newSecret(), ARGON2ID);
  }

  /** For the archive. Throws GridError "unavailable" while too many others wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize("NFC"), ARGON2ID));
  }

  /** Whether it is the password; with null, for whoever has none or is not there, never, after the same work. */
  verify(password: string, passwordHash: string | null): Promise<boolean> {
    return this.#inTurn(async () => {
      const right = await verify(passwordHash ?? (await this.#nobodys), password.normalize("NFC"));
      return right && passwordHash !== null;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underWay >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting) {
        throw new GridError("unavailable", "Cannot check a password now: too many others are being checked. Try again in a few seconds.");
      }
      await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    } else {
      this.#underWay += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Its place is handed on, so that nobody slips in between.
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}
