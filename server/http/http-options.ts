/** How the hub shows itself over HTTP. */
export interface HttpOptions {
  /** Address that the hub listens at. */
  readonly host: string;
  /** Origin under which the world sees this hub, for links; null: that of each request. */
  readonly publicUrl: string | null;
  /** Host names, without a port, that the hub answers to besides its own addresses. */
  readonly allowedHosts: readonly string[];
  /** Template of the sandbox's origin with "*" for a random label; null: `http://*.localhost` on loopback, else the hub's own host. */
  readonly sandboxOrigin: string | null;
  /** The placement policy of jobs that name none. */
  readonly policy: string;
  /** Whether mail is set up. */
  readonly mail: boolean;
}
