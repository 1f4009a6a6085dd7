import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMITS } from "../protocol/limits.ts";
import * as hub from "./limits.ts";

/** Every limit as "GROUP.name" with its value; one that stands alone by its name. */
function limitsOf(module: object): Map<string, number> {
  const found = new Map<string, number>();
  for (const [name, exported] of Object.entries(module)) {
    if (typeof exported === "number") found.set(name, exported);
    if (typeof exported !== "object" || exported === null || Array.isArray(exported)) continue;
    for (const [key, value] of Object.entries(exported)) if (typeof value === "number") found.set(`${name}.${key}`, value);
  }
  return found;
}

/** The limits of the page's tables: a column whose head is a number's group has values, the first has the names. */
async function documented(): Promise<Map<string, number>> {
  const text = await readFile(join(import.meta.dirname, "../docs/limits.md"), "utf8");
  const found = new Map<string, number>();
  let groups: (string | undefined)[] = [];
  for (const line of text.split("\n")) {
    const cells = line.startsWith("|") ? line.split("|").slice(1, -1).map((cell) => cell.trim()) : [];
    if (cells.length === 0) groups = [];
    const name = /^`(\w+)`$/.exec(cells[0] ?? "")?.[1];
    if (groups.length === 0 && cells.length > 0) {
      const first = name ?? "";
      // Its own values stand in the second column; other groups have theirs under their names.
      groups = cells.map((cell, i) => (i === 1 ? first : i === 0 ? undefined : /^`([A-Z_]+)`$/.exec(cell)?.[1]));
    } else if (name !== undefined) {
      groups.forEach((group, i) => {
        if (group !== undefined) found.set(group === "" ? name : `${group}.${name}`, Number(cells[i]?.replaceAll(",", "")));
      });
    }
  }
  return found;
}

test("docs/limits.md: tells of every limit, with its value, and of no other", async () => {
  const inCode = new Map([...limitsOf(hub), ...limitsOf({ LIMITS })]);
  expect(inCode.size).toBeGreaterThan(100);
  const onPage = await documented();
  expect(Object.fromEntries(onPage)).toEqual(Object.fromEntries(inCode));
});

test("limits: what is for this machine itself is never less than what is for others", () => {
  for (const [name, limit] of Object.entries(hub.OWNER_LIMITS)) expect(limitsOf(hub).get(`LOCAL_OWNER_LIMITS.${name}`)).toBeGreaterThanOrEqual(limit);
  for (const [name, limit] of Object.entries(hub.ADDRESS_LIMITS)) expect(limitsOf(hub).get(`LOOPBACK_LIMITS.${name}`)).toBeGreaterThanOrEqual(limit);
});
