import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const STYLES = join(ROOT, "node_modules", "@mantine", "core", "styles");

test("styles: every Mantine component that the app uses has its style loaded", () => {
  const loaded = readFileSync(join(import.meta.dirname, "styles.ts"), "utf8");
  const used = new Set<string>();
  for (const file of globSync("client/**/*.tsx", { cwd: ROOT })) {
    const [, names = ""] = /import \{([^}]*)\} from "@mantine\/core"/.exec(readFileSync(join(ROOT, file), "utf8")) ?? [];
    for (const name of names.split(",")) used.add(name.trim());
  }
  const styled = [...used].filter((name) => name !== "" && existsSync(join(STYLES, `${name}.layer.css`)));
  expect(styled).toContain("Button");
  expect(styled.filter((name) => !loaded.includes(`/${name}.layer.css`))).toEqual([]);
});
