import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (name: string) => readFileSync(join(root, name), "utf8");

/** What stands between backticks and looks like a path of this repository. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+)`/g)].map(([, path = ""]) => path).filter((path) => path.includes("/") || /\.(ts|json|md)$/.test(path));
}

test.each(["docs/threat-model.md", "docs/fuzzing.md", "SECURITY.md"])("%s: every file and test that it names is there", (page) => {
  const paths = pathsIn(read(page));
  expect(paths.length).toBeGreaterThan(page === "docs/threat-model.md" ? 60 : 0);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("docs/threat-model.md: every defence in its tables names where it is, and a test that holds it", () => {
  const rows = read("docs/threat-model.md").split("\n").filter((line) => line.startsWith("| ") && !/^\|[^|]*\| defence \|/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  const without = rows.filter((row) => {
    const [, , , where = "", tests = ""] = row.split("|");
    return pathsIn(where).length === 0 || !pathsIn(tests).some((path) => path.endsWith(".test.ts"));
  });
  expect(without).toEqual([]);
});

test("SECURITY.md: every page that it links is there", () => {
  const links = [...read("SECURITY.md").matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
