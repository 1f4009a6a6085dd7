import { BlockList, isIP } from "node:net";

const ADDRESSES = new BlockList();
ADDRESSES.addSubnet("127.0.0.0", 8, "ipv4");
ADDRESSES.addAddress("::1", "ipv6");

/** Whether this host is this machine alone: nobody else reaches what listens there. Brackets of an IPv6 address may stand. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  const family = isIP(name);
  if (family === 0) return name === "localhost" || name.endsWith(".localhost");
  return ADDRESSES.check(name, family === 4 ? "ipv4" : "ipv6");
}

/** Whether this name can be of use on this machine alone: loopback, or under `.test`, which no public DNS has (RFC 6761). */
export function isLocalName(name: string): boolean {
  return isLoopback(name) || /(^|\.)test$/i.test(name);
}
