import { describe, expect, test } from "vitest";
import { hubSources, isAllowedHost, isAllowedOrigin, sandboxOriginFor } from "./hosts.ts";

const LOOPBACK = { host: "127.0.0.1", publicUrl: null, allowedHosts: [], sandboxOrigin: null };
const PUBLIC = { host: "0.0.0.0", publicUrl: "https://grid.example", allowedHosts: ["hub.lan"], sandboxOrigin: "https://*.sbx.example" };

describe("isAllowedHost", () => {
  test.each([
    ["127.0.0.1:8080", "/", true], ["localhost:8080", "/", true], ["[::1]:8080", "/", true], ["LOCALHOST", "/", true],
    ["evil.example:8080", "/", false], ["a1.localhost:8080", "/", false], ["a1.localhost:8080", "/sandbox/frame.html", true],
    ["a.b.localhost", "/sandbox/frame.html", false], ["evil.example", "/sandbox/frame.html", false], ["192.168.1.5:8080", "/", false],
    ["127.0.0.1@evil.example", "/", false], ["127.0.0.1/evil", "/", false], ["", "/", false], [undefined, "/", false],
  ])("isAllowedHost: on loopback %s asked for %s: %s", (host, path, allowed) => {
    expect(isAllowedHost(host, path, LOOPBACK)).toBe(allowed);
  });

  test.each([
    ["grid.example", "/", true], ["hub.lan:8080", "/", true], ["192.168.1.5:8080", "/", true], ["[fe80::1]:8080", "/", true],
    ["x1.sbx.example", "/", false], ["x1.sbx.example", "/sandbox/frame.html", true], ["sbx.example", "/sandbox/frame.html", false],
    ["a.b.sbx.example", "/sandbox/frame.html", false], ["evil.example", "/", false], ["x.localhost", "/sandbox/frame.html", false],
  ])("isAllowedHost: beyond loopback %s asked for %s: %s", (host, path, allowed) => {
    expect(isAllowedHost(host, path, PUBLIC)).toBe(allowed);
  });
});

describe("isAllowedOrigin", () => {
  test.each([
    [undefined, "127.0.0.1:8080", true], ["http://127.0.0.1:8080", "127.0.0.1:8080", true], ["http://localhost:8080", "localhost:8080", true],
    ["http://127.0.0.1:9090", "127.0.0.1:8080", false], ["http://localhost:8080", "127.0.0.1:8080", false], ["null", "127.0.0.1:8080", false],
    ["https://evil.example", "127.0.0.1:8080", false], ["http://evil.example", "evil.example", false], ["file://", "127.0.0.1:8080", false],
    ["http://a1.localhost:8080", "127.0.0.1:8080", false], ["http://a1.localhost:8080", "a1.localhost:8080", false],
  ])("isAllowedOrigin: from %s to %s: %s", (origin, host, allowed) => {
    expect(isAllowedOrigin(origin, host, LOOPBACK)).toBe(allowed);
  });

  test("isAllowedOrigin: the public origin is the hub's own behind a proxy too", () => {
    expect(isAllowedOrigin("https://grid.example", "127.0.0.1:8080", PUBLIC)).toBe(true);
    expect(isAllowedOrigin("http://grid.example", "127.0.0.1:8080", PUBLIC)).toBe(false);
    expect(isAllowedOrigin("https://x1.sbx.example", "grid.example", PUBLIC)).toBe(false);
  });
});

describe("sandboxOriginFor", () => {
  test.each([
    ["127.0.0.1:8080", "http://*.localhost:8080"], ["localhost:9000", "http://*.localhost:9000"], ["localhost", "http://*.localhost"],
    ["192.168.1.5:8080", null], ["[::1]:8080", null],
  ])("sandboxOriginFor: a page under %s has %s", (host, origin) => {
    expect(sandboxOriginFor(host, LOOPBACK, false)).toBe(origin);
  });

  test("sandboxOriginFor: a page that came by TLS can hold no frame without", () => {
    expect(sandboxOriginFor("localhost:8443", LOOPBACK, true)).toBeNull();
  });

  test("sandboxOriginFor: what the operator has set", () => {
    expect(sandboxOriginFor("127.0.0.1:8080", PUBLIC, true)).toBe("https://*.sbx.example");
  });
});

test("hubSources: the hub's own origins, by the port that was asked", () => {
  expect(hubSources("a1.localhost:8080", LOOPBACK, false)).toEqual(["http://127.0.0.1:8080", "http://localhost:8080"]);
  expect(hubSources("127.0.0.1:8443", LOOPBACK, true)).toEqual(["https://127.0.0.1:8443", "https://localhost:8443"]);
  expect(hubSources("x.sbx.example", PUBLIC, true)).toContain("https://grid.example");
});
