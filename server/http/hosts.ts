import { isIP } from "node:net";
import { requestedHost, type Arrival } from "./client-address.ts";
import type { HttpOptions } from "./http-options.ts";

// A page of the open web can make a browser ask whatever name points at this machine (DNS rebinding) and post to it
// from any origin. So the hub answers to its own names alone, and takes changes from its own pages alone.

type HostOptions = Pick<HttpOptions, "host" | "publicUrl" | "allowedHosts" | "sandboxOrigin">;

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);
const LOOPBACK_ADDRESSES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);
const HOST_HEADER = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

export function isLoopbackName(host: string | undefined): boolean {
  return LOOPBACK_NAMES.has(hostName(host) ?? "");
}

/** Whether the hub goes by the name that was asked: as the request came, and as a proxy says that it was before. */
export function isOwnName(request: Arrival, path: string, options: HttpOptions): boolean {
  return isAllowedHost(request.headers.host, path, options) && isAllowedHost(requestedHost(request, options), path, options);
}

/** Whether the hub answers to this Host header. The sandbox's own names are good for the sandbox's page alone. */
export function isAllowedHost(host: string | undefined, path: string, options: HostOptions): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  if (LOOPBACK_NAMES.has(name) || options.allowedHosts.includes(name) || name === options.host || name === hostName(publicHost(options))) return true;
  // No name points at an address that is asked for itself, and behind a forwarded port the hub does not know its own.
  if (!LOOPBACK_ADDRESSES.has(options.host) && isIP(name.replace(/^\[|\]$/g, "")) !== 0) return true;
  return path.startsWith("/sandbox/") && isSandboxHost(name, options);
}

/**
 * Whether a request that changes something, or opens the Compute Server's link, may come from this Origin header. Without
 * one it comes from no web page.
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, options: HostOptions): boolean {
  if (origin === undefined) return true;
  const url = URL.parse(origin);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  if (options.publicUrl !== null && url.origin === URL.parse(options.publicUrl)?.origin) return true;
  return isAllowedHost(host, "/", options) && url.host === URL.parse(`${url.protocol}//${host}`)?.host;
}

/**
 * Where the sandbox of a page opened under this Host lives: a template with "*", or null for the hub's own host. A secure
 * page may hold no frame without TLS, and no certificate names all of *.localhost.
 */
export function sandboxOriginFor(host: string | undefined, options: HostOptions, secure: boolean): string | null {
  if (options.sandboxOrigin !== null) return options.sandboxOrigin;
  if (secure) return null;
  const url = parseHost(host);
  if (url === undefined || (url.hostname !== "127.0.0.1" && url.hostname !== "localhost")) return null;
  return `http://*.localhost${url.port === "" ? "" : `:${url.port}`}`;
}

/** The sources that may frame the sandbox's page: the hub's own origins, as this request's port tells them. */
export function hubSources(host: string | undefined, options: HostOptions, secure: boolean): readonly string[] {
  const url = parseHost(host);
  const port = url === undefined || url.port === "" ? "" : `:${url.port}`;
  // An IPv6 address cannot be written as a source; a page opened under one has its sandbox on its own host.
  const names = ["127.0.0.1", "localhost", ...options.allowedHosts];
  const sources = names.map((name) => `${secure ? "https" : "http"}://${name}${port}`);
  const publicUrl = options.publicUrl === null ? null : URL.parse(options.publicUrl);
  return publicUrl === null ? sources : [...sources, publicUrl.origin];
}

function isSandboxHost(name: string, options: HostOptions): boolean {
  if (options.sandboxOrigin === null) return /^[a-z0-9-]{1,63}\.localhost$/.test(name);
  const [before = "", after] = new URL(options.sandboxOrigin.replace("*", "wildcard")).hostname.split("wildcard");
  if (after === undefined) return name === before;
  return name.startsWith(before) && name.endsWith(after) && /^[a-z0-9-]{1,63}$/.test(name.slice(before.length, name.length - after.length));
}

function publicHost({ publicUrl }: HostOptions): string | undefined {
  return publicUrl === null ? undefined : URL.parse(publicUrl)?.host;
}

function hostName(host: string | undefined): string | undefined {
  return parseHost(host)?.hostname;
}

function parseHost(host: string | undefined): URL | undefined {
  return host !== undefined && HOST_HEADER.test(host) ? (URL.parse(`http://${host}`) ?? undefined) : undefined;
}
