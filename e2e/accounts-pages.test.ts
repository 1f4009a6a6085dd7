import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ManyhandsProcess } from "../cli/manyhands-process.test-data.ts";
import { HubClient } from "../sdk/hub-client.ts";
import { overflow, violations } from "./axe.ts";
import { HubProcess } from "./hub-process.ts";
import { watchFaults } from "./page-faults.ts";
import { launchBrowser, until } from "./tabs.ts";

// Four people on a hub with accounts, each in a browser of their own, in the order of their story: Olga operates it,
// Sven submits, Vera was invited too, and Noor has no account.

const PASSWORD = "many hands make light work";
const LOOKS = [{ scheme: "light", width: 1280, height: 800 }, { scheme: "dark", width: 390, height: 844 }] as const;

let browser: Browser;
let hub: HubProcess;
let folder: string;
let olga: Page;
let sven: Page;
let vera: Page;
let noor: Page;
let jobId: string;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-accounts-"));
  browser = await launchBrowser();
  hub = await HubProcess.start("--accounts");
  [olga, sven, vera, noor] = [await person(), await person(), await person(), await person()];
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
  await rm(folder, { recursive: true });
});

async function person(): Promise<Page> {
  return (await browser.newContext({ reducedMotion: "reduce" })).newPage();
}

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** Opens an invitation and makes an account by it. */
async function comeBy(link: string, page: Page, name: string): Promise<void> {
  await page.goto(link);
  await heading(page, "Welcome").waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("button", { name: `Your account: ${name}` }).waitFor();
}

async function signIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function invitation(role: string): Promise<string> {
  await olga.goto(`${hub.url}/people?part=invitations`);
  await olga.getByLabel("Role").selectOption(role);
  await olga.getByRole("button", { name: "Make a link" }).click();
  return olga.getByRole("textbox", { name: "The link" }).inputValue();
}

async function manyhands(args: readonly string[], env: Readonly<Record<string, string>>, stdin = ""): Promise<{ code: number | null; out: string; errors: string }> {
  const child = new ManyhandsProcess(args, stdin, env);
  const code = await child.ended();
  return { code, out: child.stdout, errors: child.stderr };
}

test("the first operator comes by the hub's own link, once, and invites", async () => {
  const faults = watchFaults(olga);
  const link = /http\S+\/invitation#\S+/.exec(hub.output)?.[0] ?? "";
  await comeBy(link, olga, "olga");
  await olga.waitForURL(/\/people$/);
  await olga.locator(".people-list").getByText("olga").waitFor();
  expect(faults).toEqual([]);
  await noor.goto(link);
  await noor.getByText("This link is good for nothing any more").waitFor();
  await comeBy(await invitation("submitter"), sven, "sven");
  await sven.waitForURL(/\/submit$/);
  await comeBy(await invitation("submitter"), vera, "vera");
});

test("a page that needs an account leads to the sign-in, and from there back; a wrong password is told as such", async () => {
  await noor.goto(`${hub.url}/jobs?state=completed`);
  await noor.waitForURL(/\/sign-in\?next=/);
  await signIn(noor, "sven", "not the password");
  await noor.getByRole("alert").getByText("You are not signed in").waitFor();
  await signIn(noor, "sven");
  await noor.waitForURL(`${hub.url}/jobs?state=completed`);
  await noor.getByRole("button", { name: "Your account: sven" }).click();
  await noor.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await noor.getByText("You are signed out.").waitFor();
  // No link leads from the sign-in to another site.
  await noor.goto(`${hub.url}/sign-in?next=${encodeURIComponent("//evil.example/")}`);
  await signIn(noor, "sven");
  await noor.getByRole("button", { name: "Your account: sven" }).waitFor();
  expect(noor.url()).toBe(`${hub.url}/`);
  await noor.context().clearCookies();
});

test("a job is its submitter's alone, until it is shared by link; a new link makes the old one void", async () => {
  await sven.getByRole("button", { name: /^Collatz/ }).click();
  await sven.getByRole("textbox", { name: "The job's module, TypeScript" }).getByText("Collatz").first().waitFor();
  expect(await sven.getByRole("radio", { name: "Private" }).isChecked()).toBe(true);
  await sven.getByRole("textbox", { name: "Arguments" }).fill('{"from":1,"to":2000,"block":500}');
  await sven.getByRole("button", { name: "Submit the job" }).click();
  await sven.waitForURL(/\/jobs\/[\w-]+$/);
  jobId = sven.url().split("/").at(-1) ?? "";

  // It runs in the tab of somebody whom the operator vouches for, and so is accepted at once.
  await olga.goto(`${hub.url}/people`);
  await olga.getByRole("checkbox", { name: "You vouch for what vera's Compute Servers answer" }).click();
  await vera.goto(`${hub.url}/contribute`);
  await vera.getByText("counted for vera, whose answers the operator vouches for").waitFor();
  await vera.getByRole("button", { name: "Start" }).click();
  await sven.locator("main").getByText("completed", { exact: true }).waitFor();
  await vera.getByRole("button", { name: "Stop" }).click();
  await until("it is counted for her", async () => {
    await vera.goto(`${hub.url}/settings`);
    return vera.locator("main dl").first().textContent();
  }, (facts) => facts?.includes("Tasks done4") === true);
  await noor.goto(`${hub.url}/contribute`);
  await noor.getByText("You lend a hand without an account").waitFor();

  for (const other of [vera, noor]) {
    for (const path of [`/jobs/${jobId}`, `/results/${jobId}`, `/results/${jobId}?key=guessed`]) {
      await other.goto(hub.url + path);
      await other.getByText("There is nothing here for you to see").waitFor();
    }
    await other.goto(`${hub.url}/gallery`);
    await other.getByText("The walls are still bare").waitFor();
  }
  await vera.goto(`${hub.url}/jobs`);
  await vera.getByText("No job has been submitted yet").waitFor();

  const link = await share();
  const faults = watchFaults(noor);
  await noor.goto(link);
  await noor.locator("main").getByText("by sven").waitFor();
  await noor.locator("main").getByRole("img", { name: /^Chart of/ }).waitFor();
  await noor.getByRole("link", { name: "The job" }).click();
  await noor.waitForURL(/\/jobs\/[\w-]+\?key=/);
  await noor.locator("main").getByText("completed", { exact: true }).waitFor();
  await noor.getByRole("button", { name: "Look at its code" }).click();
  await noor.getByRole("list", { name: "Source code" }).waitFor();
  expect(await noor.getByRole("heading", { name: "Sharing" }).count()).toBe(0);
  expect(faults).toEqual([]);

  await sven.getByRole("button", { name: "Make a new link" }).click();
  await until("the link is another one", () => sven.getByRole("textbox", { name: "Link to its results" }).inputValue(), (next) => next !== link);
  await noor.goto(link);
  await noor.getByText("There is nothing here for you to see").waitFor();
});

async function share(): Promise<string> {
  await sven.getByRole("radio", { name: "By link" }).check();
  const link = await sven.getByRole("textbox", { name: "Link to its results" }).inputValue();
  expect(link).toMatch(new RegExp(`^${hub.url}/results/${jobId}\\?key=[\\w-]{20,}$`));
  return link;
}

test("a token from the settings signs the command line in, within its scopes; sign-in makes and keeps one", async () => {
  await sven.goto(`${hub.url}/settings`);
  await sven.getByRole("button", { name: "Make a token" }).click();
  await sven.getByRole("textbox", { name: "Name", exact: true }).first().fill("reader");
  for (const scope of ["Submit", "Compute"]) await sven.getByRole("checkbox", { name: scope }).uncheck();
  await sven.getByRole("button", { name: "Make it" }).click();
  token = (await sven.getByLabel("The new token").textContent()) ?? "";
  expect(token).toMatch(/^mh_[\w-]{20,}$/);
  await sven.reload();
  await sven.getByRole("button", { name: "Revoke reader" }).waitFor();
  expect(await sven.locator("main").textContent()).not.toContain(token);

  const reader = { MANYHANDS_TOKEN: token };
  const at = ["--hub", hub.url];
  expect((await manyhands(["jobs", ...at], reader)).out).toContain(jobId);
  const refused = await manyhands(["cancel", jobId, ...at], reader);
  expect([refused.code, refused.errors]).toEqual([1, expect.stringMatching(/^Cannot .*submit[\s\S]*manyhands token create --help/)]);
  const nobody = await manyhands(["status", jobId, ...at, "--token", "mh_0000000000000000000000000000000000000000"], {});
  expect([nobody.code, nobody.errors]).toEqual([1, expect.stringMatching(/^Cannot [\s\S]*manyhands sign-in/)]);

  const config = { XDG_CONFIG_HOME: folder };
  const signedIn = await manyhands(["sign-in", hub.url], config, `sven\n${PASSWORD}\n`);
  expect([signedIn.code, signedIn.errors]).toEqual([0, expect.stringContaining("as sven, submitter")]);
  expect(signedIn.errors).not.toContain(PASSWORD);
  expect((await stat(join(folder, "manyhands", "tokens.json"))).mode & 0o777).toBe(0o600);
  expect((await manyhands(["status", jobId, ...at], config)).out).toContain("completed, 100 %");
  const shared = `${hub.url}/results/${jobId}`;
  expect((await manyhands(["results", shared], config)).out.split("\n").length).toBeGreaterThan(2);
  const made = await manyhands(["token", "create", "for a script", "--scope", "read", "--expires", "1", ...at], config, `\n${PASSWORD}\n`);
  expect(made.out).toMatch(/^mh_[\w-]{20,}\n$/);
  const list = await manyhands(["token", "list", ...at], config, `sven\n${PASSWORD}\n`);
  expect(list.out).toMatch(/^(\S+) {2}read .*for a script$/m);
  const scriptId = /^(\S+) {2}read .*for a script$/m.exec(list.out)?.[1] ?? "";
  expect((await manyhands(["token", "revoke", scriptId, ...at], config, `sven\n${PASSWORD}\n`)).code).toBe(0);
  expect((await manyhands(["jobs", ...at], { MANYHANDS_TOKEN: made.out.trim() })).code).toBe(1);
});

test("where the operator wants accounts' Compute Servers alone: the page says so and leads to the sign-in, join needs a token", async () => {
  await olga.goto(`${hub.url}/people?part=rules`);
  await olga.getByRole("radio", { name: "Who is signed in" }).check();
  await until("it holds", () => fetch(`${hub.url}/api/session`).then((response) => response.text()), (text) => text.includes('"volunteers":"accounts"'));
  await noor.goto(`${hub.url}/`);
  await noor.getByRole("button", { name: "Lend a hand" }).click();
  await noor.getByText("Sign in to lend a hand").waitFor();
  const alone = await manyhands(["join", hub.url, "--slots", "1"], {});
  expect([alone.code, alone.errors]).toEqual([1, expect.stringContaining("manyhands sign-in")]);

  const joined = new ManyhandsProcess(["join", hub.url, "--slots", "1", "--name", "svens-machine"], "", { XDG_CONFIG_HOME: folder });
  await joined.printed(/registered/);
  const client = new HubClient(hub.url, { token });
  expect((await client.computeServers()).computeServers.map(({ name }) => name)).toContain("svens-machine");
  joined.signal("SIGINT");
  expect(await joined.ended()).toBe(0);
  expect(joined.stdout + hub.output).not.toContain("mh_");

  await noor.getByLabel("Start and stop").getByRole("link", { name: "Sign in" }).click();
  await signIn(noor, "vera");
  await noor.waitForURL(/\/contribute$/);
  await noor.getByText("What this tab does is counted for").waitFor();
  await noor.getByRole("button", { name: "Start" }).click();
  await noor.getByText("Ready, no work right now").waitFor();
  await noor.getByRole("button", { name: "Stop" }).click();
  await noor.getByText("Not computing").waitFor();
});

test.each(LOOKS)("every page of accounts, $scheme at $width pixels: axe finds nothing, nothing is wider than the window, the console stays clean", async ({ scheme, width, height }) => {
  const visits: [Page, string, string][] = [
    [sven, "/settings", "Where you are signed in"], [sven, `/jobs/${jobId}`, "Make a new link"], [sven, `/results/${jobId}`, "Share"], [sven, "/jobs", "Collatz"],
    [olga, "/people", "vera"], [olga, "/people?part=invitations", "Invite somebody"], [olga, "/people?part=rules", "Lending a hand"], [olga, "/people?part=log", "sign in"],
    [noor, "/people", "This page is for operators"],
  ];
  const nobody = await person();
  visits.push([nobody, "/sign-in?problem=It+was+refused", "It was refused"], [nobody, "/sign-up", "Accounts come by invitation here"], [nobody, "/invitation#", "This link is good for nothing any more"], [nobody, "/contribute", "Sign in to lend a hand"], [nobody, "/submit", "Sign in to submit"]);
  for (const [page, path, ready] of visits) {
    const faults = watchFaults(page);
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height });
    await page.goto(hub.url + path);
    await page.locator("main").getByText(ready).first().waitFor();
    expect(await violations(page), path).toEqual([]);
    expect(await overflow(page), path).toEqual([]);
    expect(faults, path).toEqual([]);
  }
  await nobody.context().close();
});

test("signed out everywhere: every other page notices, says so, and leads back after the next sign-in", async () => {
  const elsewhere = await person();
  await elsewhere.goto(`${hub.url}/sign-in?next=/jobs`);
  await signIn(elsewhere, "sven");
  await elsewhere.locator("main").getByRole("link", { name: /Collatz/ }).waitFor();
  await sven.getByRole("button", { name: "Your account: sven" }).click();
  await sven.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await sven.getByText("You are signed out.").waitFor();
  await elsewhere.getByText("Your session has ended").waitFor();
  expect(await elsewhere.locator("main").getByRole("link", { name: /Collatz/ }).count()).toBe(0);
  await signIn(elsewhere, "sven");
  await elsewhere.waitForURL(/\/jobs$/);
  await elsewhere.locator("main").getByRole("link", { name: /Collatz/ }).waitFor();
});
