import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const MANTINE = join(ROOT, "node_modules", "@mantine", "core");
/** Other forms of a component, such as Checkbox.Card, which the app does not use. */
const UNUSED_FORMS = /^(?:Checkbox|Radio)(?:Card|Indicator)$/;

test("styles: every Mantine component in use, and all that it is made of, has its style loaded", () => {
  const loaded = readFileSync(join(import.meta.dirname, "styles.ts"), "utf8");
  const styled = [...stylesOf(componentsInUse())];
  expect(styled).toEqual(expect.arrayContaining(["Button", "Paper"]));
  expect(styled.filter((name) => !UNUSED_FORMS.test(name) && !loaded.includes(`/${name}.layer.css`))).toEqual([]);
});

function componentsInUse(): string[] {
  return globSync("client/**/*.tsx", { cwd: ROOT }).flatMap((file) => {
    const [, names = ""] = /import \{([^}]*)\} from "@mantine\/core"/.exec(readFileSync(join(ROOT, file), "utf8")) ?? [];
    return names.split(",").map((name) => name.trim());
  });
}

/** Names of the style files that these components reach by their imports. */
function stylesOf(components: readonly string[]): Set<string> {
  const styles = new Set<string>();
  const seen = new Set<string>();
  const open = components.map((name) => join(MANTINE, "esm", "components", name, `${name}.mjs`)).filter((file) => existsSync(file));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const name = basename(file, ".module.mjs");
    if (file.endsWith(".module.mjs") && existsSync(join(MANTINE, "styles", `${name}.layer.css`))) styles.add(name);
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) open.push(join(dirname(file), path));
  }
  return styles;
}
