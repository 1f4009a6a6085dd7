import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { opened, open };
}

test("Turns: one at a time, in the order of asking, whatever becomes of those before", async () => {
  const turns = new Turns("work", 10);
  const seen: string[] = [];
  const first = gate();
  const work = (name: string, wait: Promise<void>) => async () => {
    seen.push(`${name} begins`);
    await wait;
    seen.push(`${name} ends`);
    if (name === "b") throw new Error("b fails");
    return name;
  };
  const all = Promise.allSettled([
    turns.run(work("a", first.opened)), turns.run(work("b", Promise.resolve())), turns.run(work("c", Promise.resolve())),
  ]);
  first.open();
  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("Turns: refuses more than may wait, and takes them again afterwards", async () => {
  const turns = new Turns("draw this", 2);
  const first = gate();
  const waiting = [turns.run(() => first.opened), turns.run(() => first.opened)];
  await expect(turns.run(async () => "too many")).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("Cannot draw this now: 2 others") });
  first.open();
  await Promise.all(waiting);
  expect(await turns.run(async () => "again")).toBe("again");
});

test("Turns: close waits for what runs and turns away what waits", async () => {
  const turns = new Turns("draw this", 10);
  const first = gate();
  const begun = gate();
  const running = turns.run(async () => {
    begun.open();
    await first.opened;
    return "done";
  });
  const waiting = Promise.allSettled([turns.run(async () => "never")]);
  await begun.opened;
  const closed = turns.close();
  first.open();
  expect(await running).toBe("done");
  await closed;
  expect(await waiting).toEqual([{ status: "rejected", reason: expect.objectContaining({ kind: "unavailable" }) }]);
});
