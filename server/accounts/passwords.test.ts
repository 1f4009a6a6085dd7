import { expect, test } from "vitest";
import { GridError } from "../../protocol/grid-error.ts";
import { Passwords } from "./passwords.ts";

test("Passwords.hash: argon2id, its parameters in the hash, another salt each time", async () => {
  const passwords = new Passwords();
  const [one, other] = [await passwords.hash("correct horse"), await passwords.hash("correct horse")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
});

test("Passwords.verify: the right one, however it was typed, and no other", async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash("Zürich im Regen");
  expect(await passwords.verify("Zürich im Regen", hash)).toBe(true);
  expect(await passwords.verify("Zürich im Regen".normalize("NFD"), hash)).toBe(true);
  expect(await passwords.verify("Zürich im regen", hash)).toBe(false);
});

test("Passwords.verify: for whoever has none the same work is done, and never right", async () => {
  let hashes = 0;
  const passwords = new Passwords(1, 9);
  const counted = passwords.verify("x".repeat(10), null).then((right) => { hashes++; return right; });
  // One at a time: the second is done only when the work for nobody is.
  const second = passwords.hash("another password").then(() => hashes);
  expect(await counted).toBe(false);
  expect(await second).toBe(1);
});

test("Passwords: a flood waits its turn, and past the limit is told to come again", async () => {
  const passwords = new Passwords(1, 2);
  const results = await Promise.allSettled(Array.from({ length: 6 }, (_, n) => passwords.hash(`password ${n}`)));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected", "rejected"]);
  const [refused] = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  expect(refused).toBeInstanceOf(GridError);
  expect(refused).toMatchObject({ kind: "unavailable" });
  expect(await passwords.hash("and then it goes on")).toMatch(/^\$argon2id/);
});
