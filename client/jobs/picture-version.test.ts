import { expect, test } from "vitest";
import { pictureVersion } from "./picture-version.ts";

const tasks = (done: number, total: number) => ({ total, done, pending: total - done, running: 0, failed: 0 });

test("pictureVersion: a growing picture has few addresses, the whole one its own", () => {
  const versions = new Set(Array.from({ length: 10_001 }, (_, done) => pictureVersion("/p.png", tasks(done, 10_000))));
  expect(versions.size).toBe(51);
  expect(pictureVersion("/p.png", tasks(10_000, 10_000))).toBe("/p.png?at=whole");
});

test("pictureVersion: keeps a query that is there", () => {
  expect(pictureVersion("/p.png?size=2", tasks(0, 4))).toBe("/p.png?size=2&at=0");
});
