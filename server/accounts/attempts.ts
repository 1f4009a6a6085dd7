import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { GridError } from "../../protocol/grid-error.ts";
import { networkOf } from "../http/client-address.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";

const HOUR_SECONDS = 60 * 60;

/** Counts what may be guessed at: passwords by name and by address (IPv6 by its /64), sign-ups and codes by address. */
export class Attempts {
  readonly #byAccount = new RateLimiterMemory({ keyPrefix: "account", points: ACCOUNT_LIMITS.failuresPerAccount, duration: ACCOUNT_LIMITS.signInWindowSeconds });
  readonly #byAddress = new RateLimiterMemory({ keyPrefix: "address", points: ACCOUNT_LIMITS.failuresPerAddress, duration: ACCOUNT_LIMITS.signInWindowSeconds });
  readonly #signUps = new RateLimiterMemory({ keyPrefix: "sign-up", points: ACCOUNT_LIMITS.signUpsPerAddress, duration: HOUR_SECONDS });
  readonly #codes = new RateLimiterMemory({ keyPrefix: "code", points: ACCOUNT_LIMITS.codesPerAddress, duration: HOUR_SECONDS });

  /**
   * Counts a try before it is made, so that many at once are many. Whether the name exists makes no difference. Throws
   * GridError "too-many-requests".
   */
  async signIn(name: string, address: string): Promise<void> {
    await spend(this.#byAddress, networkOf(address), "sign in", "from this address");
    await spend(this.#byAccount, nameKey(name), "sign in", "for this name");
  }

  /** It was right: that one does not count. */
  async signedIn(name: string, address: string): Promise<void> {
    await this.#byAccount.delete(nameKey(name));
    await this.#byAddress.reward(networkOf(address));
  }

  async signUp(address: string): Promise<void> {
    await spend(this.#signUps, networkOf(address), "make an account", "from this address");
  }

  async code(address: string): Promise<void> {
    await spend(this.#codes, networkOf(address), "use a code", "from this address");
  }
}

function nameKey(name: string): string {
  return name.toLowerCase();
}

async function spend(limiter: RateLimiterMemory, key: string, what: string, where: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const minutes = Math.max(1, Math.ceil(error.msBeforeNext / 60_000));
    throw new GridError("too-many-requests", `Cannot ${what} now: there were too many tries ${where}. Wait ${minutes} min.`);
  }
}
