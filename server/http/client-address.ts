import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

// A request says where it comes from in two ways: by its connection, which cannot lie, and by headers that proxies write
// and anybody else can write too. Headers count only as far as the operator says that the hops before them are proxies.

/** Which hops in front of the hub are proxies of its operator. */
export type TrustedProxies =
  | { readonly kind: "none" }
  /** So many, counted from the hub. */
  | { readonly kind: "hops"; readonly hops: number }
  | { readonly kind: "addresses"; readonly list: BlockList };

export interface ProxyOptions {
  readonly trustProxy: TrustedProxies;
}

/** What a request tells of its way, an HTTP call's and a WebSocket upgrade's alike. */
export type Arrival = Pick<IncomingMessage, "headers" | "socket">;

export const NO_PROXIES: TrustedProxies = { kind: "none" };

/** Proxies in a row that --trust-proxy may count. */
const HOPS_MOST = 16;

/** What --trust-proxy names: a number of hops, or addresses and CIDR ranges with commas between. Undefined for anything else. */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const hops = Number(text);
    return hops <= HOPS_MOST ? { kind: "hops", hops } : undefined;
  }
  const list = new BlockList();
  for (const part of text.split(",")) {
    const [address = "", prefix, ...more] = part.trim().split("/");
    const family = isIP(address);
    const bits = family === 4 ? 32 : 128;
    if (family === 0 || more.length > 0 || address.includes("%")) return undefined;
    if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) return undefined;
    list.addSubnet(address, prefix === undefined ? bits : Number(prefix), family === 4 ? "ipv4" : "ipv6");
  }
  return { kind: "addresses", list };
}

/**
 * The address of who asks, in one spelling: IPv4 also where it comes as IPv6 (::ffff:192.0.2.1), IPv6 in its canonical
 * form. Behind proxies that are trusted it is the first hop that is not one of them.
 */
export function clientAddress(request: Arrival, options: ProxyOptions): string {
  return walk(request, options).address;
}

/** What the other end of the connection itself counts as, be it a proxy or not. */
export function connectionNetwork(request: Pick<Arrival, "socket">): string {
  return networkOf(clientAddress({ headers: {}, socket: request.socket }, { trustProxy: NO_PROXIES }));
}

/** Whether the connection itself comes from a proxy that is trusted. */
export function isTrustedProxy(request: Pick<Arrival, "socket">, { trustProxy }: ProxyOptions): boolean {
  return isTrusted(normalise(request.socket.remoteAddress ?? "") ?? "unknown", 0, trustProxy);
}

/** The part of an address that one peer holds: IPv4 whole, of IPv6 the /64 in which it can pick any address it likes. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
  return `${normalise(`${groups.slice(0, 4).join(":")}::`) ?? address}/64`;
}

/** Whether what is sent cannot be read or changed on its way: TLS ends here, or at a trusted proxy that says so. */
export function isSecure(request: Arrival, options: ProxyOptions): boolean {
  if ("encrypted" in request.socket && request.socket.encrypted === true) return true;
  return told(request, options, "x-forwarded-proto", "proto")?.toLowerCase() === "https";
}

/** The host that was asked for, with its port: the Host header, or what a trusted proxy says that it was. */
export function requestedHost(request: Arrival, options: ProxyOptions): string | undefined {
  return told(request, options, "x-forwarded-host", "host") ?? request.headers.host;
}

interface Walk {
  /** Of the first hop that is not trusted. */
  readonly address: string;
  /** Trusted hops passed on the way. */
  readonly proxies: number;
}

function walk(request: Arrival, { trustProxy }: ProxyOptions): Walk {
  const peer = normalise(request.socket.remoteAddress ?? "") ?? "unknown";
  const ways = [entries(request.headers["x-forwarded-for"]), forwardedBy(request).map((element) => element.get("for") ?? "")].filter((way) => way.length > 0);
  const [first, second] = ways.map((way) => along(peer, way, trustProxy));
  if (first === undefined) return { address: peer, proxies: isTrusted(peer, 0, trustProxy) ? 1 : 0 };
  // A proxy that writes one of the two headers passes the other on as the client wrote it. Which, nobody can tell.
  if (second !== undefined && second.address !== first.address) return { address: peer, proxies: first.proxies };
  return first;
}

/** From the peer backwards through what the hops wrote, nearest last, as far as they are trusted and can be read. */
function along(peer: string, way: readonly string[], trusted: TrustedProxies): Walk {
  let address = peer;
  let proxies = 0;
  for (const written of way.toReversed()) {
    if (!isTrusted(address, proxies, trusted)) return { address, proxies };
    proxies++;
    const before = normalise(withoutPort(written));
    if (before === undefined) return { address, proxies };
    address = before;
  }
  // Whoever is left at the end of a way that only proxies went is the client all the same.
  return { address, proxies: isTrusted(address, proxies, trusted) ? proxies + 1 : proxies };
}

function isTrusted(address: string, hop: number, trusted: TrustedProxies): boolean {
  switch (trusted.kind) {
    case "none": return false;
    case "hops": return hop < trusted.hops;
    case "addresses": return isIP(address) !== 0 && trusted.list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
  }
}

/**
 * What the outermost trusted proxy says. A proxy that adds to a header writes behind what is there, so with n of them
 * the n-th entry from the end is theirs; what stands before it anybody may have written.
 */
function told(request: Arrival, options: ProxyOptions, header: "x-forwarded-proto" | "x-forwarded-host", parameter: "proto" | "host"): string | undefined {
  const { proxies } = walk(request, options);
  if (proxies === 0) return undefined;
  const written = entries(request.headers[header]);
  const values = written.length > 0 ? written : forwardedBy(request).map((element) => element.get(parameter) ?? "");
  const value = values[Math.max(0, values.length - proxies)];
  return value === undefined || value === "" ? undefined : value;
}

function entries(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const text = typeof header === "string" ? header : header.join(",");
  return text.split(",").map((entry) => entry.trim());
}

/** The elements of RFC 7239's Forwarded header, each with its parameters by name. */
function forwardedBy(request: Arrival): readonly ReadonlyMap<string, string>[] {
  const header = request.headers["forwarded"];
  if (header === undefined || header === "") return [];
  return splitUnquoted(header, ",").map((element) => new Map(splitUnquoted(element, ";").map((pair) => {
    const [name = "", value = ""] = splitUnquoted(pair, "=").map((part) => part.trim());
    return [name.toLowerCase(), value.startsWith("\"") ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value];
  })));
}

/** Splits where the separator does not stand inside quotes. */
function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === "\"") quoted = !quoted;
    else if (char === separator && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

/** 192.0.2.1:4711 and [2001:db8::1]:4711 without the port. */
function withoutPort(node: string): string {
  const bracketed = /^\[([^\]]*)\](?::\w+)?$/.exec(node);
  if (bracketed !== null) return bracketed[1] ?? "";
  return node.split(":").length === 2 ? node.slice(0, node.indexOf(":")) : node;
}

/** One spelling for each address; undefined where it is none. */
function normalise(address: string): string | undefined {
  const unscoped = address.split("%", 1)[0] ?? "";
  const family = isIP(unscoped);
  if (family === 4) return unscoped;
  if (family === 0) return undefined;
  const canonical = URL.parse(`http://[${unscoped}]`)?.hostname.slice(1, -1) ?? unscoped;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  return [mapped[1] ?? "", mapped[2] ?? ""].map((group) => Number.parseInt(group, 16)).map((word) => `${word >> 8}.${word & 255}`).join(".");
}
