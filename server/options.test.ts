import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readHubOptions } from "./options.ts";

test("readHubOptions: without any, a hub on loopback that keeps its data beside it", () => {
  expect(readHubOptions([])).toEqual({
    host: "127.0.0.1", port: 8080, dataDir: "./data", open: true, loadBalancer: true, maxLeaseMs: 3_600_000, smtpUrl: null,
    mailFrom: "Manyhands <manyhands@localhost>", publicUrl: null, sandboxOrigin: null, allowedHosts: [], trustProxy: { kind: "none" }, tls: null, policy: "least-expected-finish", ownerWeights: new Map(), minFreeBytes: 256 * 1024 * 1024, keepDays: null, keepLonger: true, limits: {},
    accounts: false, operatorLink: false, volunteers: null, openId: null, saboteurShare: 0.2, logLevel: "info",
  });
});

test("readHubOptions: takes every option", () => {
  const argv = [
    "--host", "0.0.0.0", "--port", "0", "--data", "/srv/grid", "--no-open", "--no-load-balancer", "--max-lease", "2000",
    "--smtp", "smtps://ada:secret@mail.example:465", "--mail-from", "grid@example.org", "--public-url", "https://grid.example",
    "--sandbox-origin", "https://*.sbx.example", "--allow-host", "grid", "--allow-host", "grid.lan", "--trust-proxy", "2", "--tls-cert", "hub.pem", "--tls-key", "hub.key", "--policy", "two-choices", "--weight", "ada=2.5", "--weight", "b=c=0.1", "--weight", "ada=3", "--min-free", "2G", "--keep-days", "30", "--no-keep-longer", "--limit", "requestsPerMinute=60", "--limit", "linksPerAddress=0",
    "--accounts", "--operator-link", "--volunteers", "invited", "--oidc-issuer", "https://id.example", "--oidc-client-id", "grid", "--oidc-client-secret-file", "/run/secret",
    "--oidc-label", "Example University", "--oidc-role", "submitter", "--saboteur-share", "0.35", "--log-level", "debug",
  ];
  expect(readHubOptions(argv)).toEqual({
    host: "0.0.0.0", port: 0, dataDir: "/srv/grid", open: false, loadBalancer: false, maxLeaseMs: 2_000, smtpUrl: "smtps://ada:secret@mail.example:465",
    mailFrom: "grid@example.org", publicUrl: "https://grid.example", sandboxOrigin: "https://*.sbx.example", allowedHosts: ["grid", "grid.lan"], trustProxy: { kind: "hops", hops: 2 }, tls: { cert: "hub.pem", key: "hub.key" }, policy: "two-choices",
    ownerWeights: new Map([["ada", 3], ["b=c", 0.1]]), minFreeBytes: 2 * 1024 ** 3, keepDays: 30, keepLonger: false, limits: { requestsPerMinute: 60, linksPerAddress: 0 }, accounts: true, operatorLink: true, volunteers: "invited",
    openId: { issuer: "https://id.example", clientId: "grid", clientSecretFile: "/run/secret", label: "Example University", role: "submitter" }, saboteurShare: 0.35, logLevel: "debug",
  });
});

test.each([
  { argv: ["--port", "65536"], why: "A port is a whole number from 0 to 65535" },
  { argv: ["--port", "80.5"], why: "A port is a whole number" },
  { argv: ["--port", ""], why: "A port is a whole number" },
  { argv: ["--port", "1e3"], why: "A port is a whole number" },
  { argv: ["--max-lease", "0"], why: "A lease is a whole number from 1" },
  { argv: ["--smtp", "http://mail.example"], why: "begins with smtp:// or smtps://" },
  { argv: ["--smtp", "smtp://"], why: "and a host" },
  { argv: ["--public-url", "grid.example"], why: "begins with http:// or https://" },
  { argv: ["--log-level", "loud"], why: "logLevel" },
  { argv: ["--saboteur-share", "0"], why: "A share is a number over 0, at most 0.45" },
  { argv: ["--saboteur-share", "0.5"], why: "A share is a number over 0" },
  { argv: ["--weight", "ada"], why: "an owner's name, =, and a number" },
  { argv: ["--weight", "=2"], why: "an owner's name, =, and a number" },
  { argv: ["--weight", "ada=0"], why: "A weight is a number from 0.01 to 1000" },
  { argv: ["--weight", "ada=1e9"], why: "A weight is a number from 0.01 to 1000" },
  { argv: ["--min-free", "much"], why: "It is a number of bytes" },
  { argv: ["--limit", "everything=1"], why: "with one of these names: connectionsPerAddress" },
  { argv: ["--limit", "requestsPerMinute"], why: "requestsPerMinute is a whole number" },
  { argv: ["--limit", "requestsPerMinute=-1"], why: "requestsPerMinute is a whole number" },
  { argv: ["--trust-proxy", "proxy.lan"], why: "It is how many proxies stand before the hub" },
  { argv: ["--tls-cert", "hub.pem"], why: "--tls-cert and --tls-key go together" },
  { argv: ["--volunteers", "nobody"], why: "Allowed choices are anonymous, accounts, invited" },
  { argv: ["--accounts", "--oidc-issuer", "https://id.example"], why: "it takes both --oidc-issuer and --oidc-client-id" },
  { argv: ["--oidc-issuer", "https://id.example", "--oidc-client-id", "grid"], why: "add --accounts" },
  { argv: ["--policy", "best"], why: "Allowed choices are least-expected-finish" },
  { argv: ["--prot", "80"], why: "Did you mean --port?" },
  { argv: ["stray"], why: "too many arguments" },
])("readHubOptions: $argv is refused with a clear line and a non-zero exit", async ({ argv, why }) => {
  const program = `import { readHubOptions } from ${JSON.stringify(new URL("options.ts", import.meta.url).href)}; readHubOptions(process.argv.slice(1)); console.log("taken");`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program, "--", ...argv]);
  await expect(run).rejects.toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(why) });
});
