import type { VerificationOption } from "../../protocol/http/verification.ts";
import type { TrustedProxies } from "./client-address.ts";

/** How the hub shows itself over HTTP. */
export interface HttpOptions {
  /** Address that the hub listens at. */
  readonly host: string;
  /** Origin under which the world sees this hub, for links; null: that of each request. */
  readonly publicUrl: string | null;
  /** Host names, without a port, that the hub answers to besides its own addresses. */
  readonly allowedHosts: readonly string[];
  /** Which hops in front of the hub may say who asks, and how. */
  readonly trustProxy: TrustedProxies;
  /** Template of the sandbox's origin with "*" for a random label; null: `http://*.localhost` on loopback, else the hub's own host. */
  readonly sandboxOrigin: string | null;
  /** The placement policy of jobs that name none. */
  readonly policy: string;
  /** Jobs are removed so many days after their end; null: they stay. */
  readonly keepDays: number | null;
  /** Whether owners may begin that time anew. */
  readonly keepLonger: boolean;
  /** When an answer is accepted, of a job that does not say. */
  readonly verification: VerificationOption;
  /** Whether mail is set up. */
  readonly mail: boolean;
}
