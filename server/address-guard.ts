import { RateLimiterMemory } from "rate-limiter-flexible";
import { ADDRESS_LIMITS, LOOPBACK_LIMITS, REMEMBERED_ADDRESSES, type AddressLimits } from "./limits.ts";

type LimitName = keyof AddressLimits;
export type RateName = Extract<LimitName, `${string}PerMinute`>;
type OpenName = Exclude<LimitName, RateName>;

const WINDOW_SECONDS = 60;
/** What ::1 counts as. */
const LOOPBACK_64 = "::/64";

/** Where an address stands with one rate. */
export interface Rate {
  readonly limit: number;
  readonly left: number;
  /** Until the count begins anew. */
  readonly resetSeconds: number;
  readonly passed: boolean;
}

/** Whether this address (networkOf) is this machine itself. */
export function isLoopback(network: string): boolean {
  return network.startsWith("127.") || network === LOOPBACK_64;
}

/** Counts what each address (networkOf) does and has open, and holds it to its limits. Its memory is bounded. */
export class AddressGuard {
  readonly #set: Partial<AddressLimits>;
  readonly #onRefusal: (limit: LimitName) => void;
  readonly #rates = new Map<RateName, BoundedRate>();
  readonly #open = new Map<OpenName, Map<string, number>>();

  /** `set`: what the operator set. It holds for this machine's own addresses, too. */
  constructor(set: Partial<AddressLimits>, onRefusal: (limit: LimitName) => void) {
    this.#set = set;
    this.#onRefusal = onRefusal;
  }

  limitOf(name: LimitName, network: string): number {
    return this.#set[name] ?? (isLoopback(network) ? LOOPBACK_LIMITS : ADDRESS_LIMITS)[name];
  }

  /** Counts one more in this minute. */
  async count(name: RateName, network: string): Promise<Rate> {
    const limit = this.limitOf(name, network);
    const rate = this.#rates.get(name) ?? new BoundedRate();
    this.#rates.set(name, rate);
    const { counted, resetMs } = await rate.count(network);
    const passed = counted > limit;
    if (passed) this.#onRefusal(name);
    return { limit, left: Math.max(0, limit - counted), resetSeconds: Math.max(1, Math.ceil(resetMs / 1000)), passed };
  }

  /** Counts one more that is open, until `leave` is called; undefined: there are too many, and it is not counted. */
  enter(name: OpenName, network: string): { readonly leave: () => void } | undefined {
    const byNetwork = this.#open.get(name) ?? new Map<string, number>();
    this.#open.set(name, byNetwork);
    const open = byNetwork.get(network) ?? 0;
    if (open >= this.limitOf(name, network)) {
      this.#onRefusal(name);
      return undefined;
    }
    byNetwork.set(network, open + 1);
    let left = false;
    return {
      leave() {
        if (left) return;
        left = true;
        const others = (byNetwork.get(network) ?? 1) - 1;
        if (others === 0) byNetwork.delete(network);
        else byNetwork.set(network, others);
      },
    };
  }
}

/** A rate by address that remembers no more addresses than it may: the one that has been still the longest is forgotten. */
class BoundedRate {
  /** What is too much is decided where the address is known, so here nothing is. */
  readonly #limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: WINDOW_SECONDS });
  readonly #remembered = new Set<string>();

  async count(network: string): Promise<{ counted: number; resetMs: number }> {
    this.#remembered.delete(network);
    this.#remembered.add(network);
    const [oldest] = this.#remembered;
    if (this.#remembered.size > REMEMBERED_ADDRESSES && oldest !== undefined) {
      this.#remembered.delete(oldest);
      await this.#limiter.delete(oldest);
    }
    const { consumedPoints, msBeforeNext } = await this.#limiter.consume(network);
    return { counted: consumedPoints, resetMs: msBeforeNext };
  }
}
