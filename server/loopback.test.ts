import { expect, test } from "vitest";
import { mustHaveAccounts } from "./accounts/open-accounts.ts";
import { NO_PROXIES } from "./http/client-address.ts";
import { isLocalName, isLoopback } from "./loopback.ts";

test.each(["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LOCALHOST", "a.localhost"])("isLoopback: %s is this machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(["0.0.0.0", "::", "192.168.1.5", "10.0.0.1", "128.0.0.1", "grid.example", "localhost.example", "notlocalhost", "::ffff:192.168.1.5", ""])("isLoopback: %s is more than this machine", (host) => {
  expect(isLoopback(host)).toBe(false);
});

test("isLocalName: also names under .test, which no public DNS has", () => {
  expect([isLocalName("grid.test"), isLocalName("localhost"), isLocalName("grid.test.example"), isLocalName("contest")]).toEqual([true, true, false, false]);
});

const options = { accounts: false, host: "127.0.0.1", publicUrl: null, allowedHosts: [], trustProxy: NO_PROXIES };

test.each([{}, { host: "::1" }, { publicUrl: "http://localhost:8080" }, { allowedHosts: ["grid.test"] }])("mustHaveAccounts: a hub of this machine alone, %j, needs none", (changes) => {
  expect(() => mustHaveAccounts({ ...options, ...changes })).not.toThrow();
});

test.each([
  [{ host: "0.0.0.0" }, "--host 0.0.0.0 is more than this machine"], [{ host: "::" }, "--host ::"], [{ host: "192.168.1.5" }, "--host 192.168.1.5"],
  [{ publicUrl: "https://grid.example" }, "--public-url https://grid.example"], [{ allowedHosts: ["localhost", "grid.lan"] }, "--allow-host grid.lan"],
  [{ trustProxy: { kind: "hops", hops: 1 } as const }, "--trust-proxy"],
])("mustHaveAccounts: one that others can reach, %j, is refused in one line that says why, and starts with accounts", (changes, why) => {
  expect(() => mustHaveAccounts({ ...options, ...changes })).toThrow(new RegExp(`^Cannot start without accounts: ${why}.*Add --accounts\\.$`));
  expect(() => mustHaveAccounts({ ...options, ...changes, accounts: true })).not.toThrow();
});
