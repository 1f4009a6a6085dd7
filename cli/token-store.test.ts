import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TokenStore } from "./token-store.ts";

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "manyhands-tokens-")); });
afterEach(() => rm(folder, { recursive: true }));

const token = (name: string) => ({ token: `mh_${name}`, tokenId: `id-${name}`, account: name });

test("TokenStore: one token a hub, and no other hub gets it", async () => {
  const store = new TokenStore(folder);
  expect(await store.get("http://a:1")).toBeUndefined();
  await store.set("http://a:1", token("ada"));
  await store.set("http://b:1", token("bob"));
  await store.set("http://a:1", token("eve"));
  expect([await store.get("http://a:1"), await store.get("http://b:1"), await store.get("https://a:1")]).toEqual([token("eve"), token("bob"), undefined]);
  await store.remove("http://a:1");
  expect([await store.get("http://a:1"), await store.get("http://b:1")]).toEqual([undefined, token("bob")]);
});

test("TokenStore: its owner alone can read the file, also where it was readable before", async () => {
  const store = new TokenStore(folder);
  await store.set("http://a:1", token("ada"));
  expect((await stat(store.path)).mode & 0o777).toBe(0o600);
  await writeFile(store.path, "{}", { mode: 0o644 });
  await store.set("http://a:1", token("ada"));
  expect((await stat(store.path)).mode & 0o777).toBe(0o600);
});

test("TokenStore: a file that somebody else wrote is told, and left as it is", async () => {
  const store = new TokenStore(folder);
  await store.set("http://a:1", token("ada"));
  await writeFile(store.path, "[not json");
  await expect(store.set("http://a:1", token("bob"))).rejects.toThrow(`Cannot read the tokens in ${store.path}`);
});
