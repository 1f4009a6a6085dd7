import { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress, isSecure, networkOf, NO_PROXIES, parseTrustedProxies, requestedHost, type Arrival, type TrustedProxies } from "./client-address.ts";

/** A request as it arrives from a peer of this address. */
function arrival(remoteAddress: string | undefined, headers: Arrival["headers"] = {}): Arrival {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: remoteAddress });
  return { socket, headers };
}

function trusting(text: string): { trustProxy: TrustedProxies } {
  const trustProxy = parseTrustedProxies(text);
  if (trustProxy === undefined) throw new Error(`Cannot trust ${text}`);
  return { trustProxy };
}

const NONE = { trustProxy: NO_PROXIES };

describe("parseTrustedProxies", () => {
  test.each(["0", "1", "16", "127.0.0.1", "10.0.0.0/8, ::1", "2001:db8::/32,192.0.2.7"])("parseTrustedProxies: takes %s", (text) => {
    expect(parseTrustedProxies(text)).toBeDefined();
  });

  test.each(["", "17", "-1", "1.5", "true", "example.org", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0.0/8/8", "127.0.0.1,,::1", "fe80::1%eth0", "127.1"])(
    "parseTrustedProxies: refuses %j", (text) => {
      expect(parseTrustedProxies(text)).toBeUndefined();
    },
  );
});

describe("clientAddress", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"], ["::ffff:192.0.2.1", "192.0.2.1"], ["::FFFF:c000:0201", "192.0.2.1"], ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"], ["::1", "::1"], [undefined, "unknown"],
  ])("clientAddress: a connection from %s is %s, whatever its headers say", (remote, address) => {
    expect(clientAddress(arrival(remote, { "x-forwarded-for": "203.0.113.9", "forwarded": "for=203.0.113.9" }), NONE)).toBe(address);
  });

  test.each([
    // Behind one proxy, the last entry is its own; what stands before it the client wrote.
    ["1", "127.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["1", "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["2", "127.0.0.1", "198.51.100.1, 203.0.113.9", "198.51.100.1"],
    ["2", "127.0.0.1", "1.1.1.1, 198.51.100.1, 203.0.113.9", "198.51.100.1"],
    ["5", "127.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["0", "127.0.0.1", "198.51.100.1", "127.0.0.1"],
    ["127.0.0.0/8", "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["127.0.0.0/8,203.0.113.0/24", "::ffff:127.0.0.1", "1.1.1.1, 198.51.100.1, 203.0.113.9", "198.51.100.1"],
    ["10.0.0.0/8", "192.0.2.1", "203.0.113.9", "192.0.2.1"],
    ["::1", "::1", "2001:db8:0::7", "2001:db8::7"],
    ["1", "127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"],
    ["1", "127.0.0.1", "203.0.113.9:4711", "203.0.113.9"],
    ["1", "127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
    // What is no address ends the way: it was written by nobody who is trusted.
    ["1", "127.0.0.1", "unknown", "127.0.0.1"], ["1", "127.0.0.1", "", "127.0.0.1"], ["2", "127.0.0.1", "<script>, 203.0.113.9", "203.0.113.9"],
  ])("clientAddress: trusting %s, from %s with X-Forwarded-For %s: %s", (trusted, remote, header, address) => {
    expect(clientAddress(arrival(remote, { "x-forwarded-for": header }), trusting(trusted))).toBe(address);
  });

  test.each([
    ["for=203.0.113.9", "203.0.113.9"], ["For=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"], ["for=1.1.1.1, for=203.0.113.9;by=10.0.0.1", "203.0.113.9"],
    ["for=\"1.1.1.1, for=2.2.2.2\", for=203.0.113.9", "203.0.113.9"], ["for=_hidden", "127.0.0.1"], ["proto=https", "127.0.0.1"], ["for=\"203.0.113.9", "127.0.0.1"],
  ])("clientAddress: behind a proxy that writes Forwarded: %s: %s (RFC 7239)", (header, address) => {
    expect(clientAddress(arrival("127.0.0.1", { forwarded: header }), trusting("1"))).toBe(address);
  });

  test("clientAddress: where the two headers tell of two clients, one of them is made up and neither counts", () => {
    const told = (xff: string, forwarded: string) => clientAddress(arrival("127.0.0.1", { "x-forwarded-for": xff, forwarded }), trusting("1"));
    expect(told("203.0.113.9", "for=198.51.100.1")).toBe("127.0.0.1");
    expect(told("203.0.113.9", "for=203.0.113.9")).toBe("203.0.113.9");
  });

  test("clientAddress: any headers at all give an address, and no client behind one proxy can choose it (R9)", () => {
    fc.assert(fc.property(fc.string({ unit: "binary-ascii" }), fc.string({ unit: "binary-ascii" }), fc.ipV4(), (spoofed, forwarded, real) => {
      const behind = arrival("127.0.0.1", { "x-forwarded-for": spoofed === "" ? real : `${spoofed}, ${real}`, ...(forwarded === "" ? {} : { forwarded }) });
      expect(["127.0.0.1", real]).toContain(clientAddress(behind, trusting("1")));
      isSecure(behind, trusting("1"));
      requestedHost(behind, trusting("1"));
    }), { numRuns: 2_000 });
  });
});

test.each([
  ["192.0.2.1", "192.0.2.1"], ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"], ["2001:db8::6", "2001:db8::/64"], ["::1", "::/64"],
  ["2001:db8:0:7::", "2001:db8:0:7::/64"], ["unknown", "unknown"],
])("networkOf: %s is a peer of %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

describe("isSecure, requestedHost", () => {
  test.each([
    ["1", { "x-forwarded-proto": "https" }, true], ["1", { "x-forwarded-proto": "http" }, false], ["1", { "x-forwarded-proto": "https, http" }, false],
    ["2", { "x-forwarded-for": "203.0.113.9, 10.0.0.1", "x-forwarded-proto": "https" }, true],
    ["2", { "x-forwarded-for": "203.0.113.9, 10.0.0.1", "x-forwarded-proto": "https, http" }, true],
    ["1", { forwarded: "for=203.0.113.9;proto=https" }, true], ["1", { forwarded: "proto=https, for=203.0.113.9;proto=http" }, false],
    ["10.0.0.1", { "x-forwarded-proto": "https" }, false], ["1", {}, false],
  ])("isSecure: trusting %s, told %j: %s", (trusted, headers, secure) => {
    expect(isSecure(arrival("127.0.0.1", headers), trusting(trusted))).toBe(secure);
    expect(isSecure(arrival("127.0.0.1", headers), NONE)).toBe(false);
  });

  test("requestedHost: the Host header, unless a trusted proxy tells another", () => {
    const headers = { "host": "10.0.0.7:8080", "x-forwarded-host": "grid.example" };
    expect(requestedHost(arrival("127.0.0.1", headers), NONE)).toBe("10.0.0.7:8080");
    expect(requestedHost(arrival("127.0.0.1", headers), trusting("1"))).toBe("grid.example");
    expect(requestedHost(arrival("127.0.0.1", headers), trusting("10.0.0.0/8"))).toBe("10.0.0.7:8080");
    expect(requestedHost(arrival("127.0.0.1", { host: "a", forwarded: "for=1.2.3.4;host=\"grid.example:8443\"" }), trusting("1"))).toBe("grid.example:8443");
  });
});
