const TOKEN = /\s*(?:([[\]{},:])|("(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/y;

/** What may come next. `item`: a value or the end of a list; `key`: a key or the end of an object. */
type Expected = "value" | "item" | "key" | "named" | "colon" | "comma";

/** The line, from 1, at which a text stops being JSON. Engines do not tell it alike, and some not at all. */
export function jsonErrorLine(text: string): number {
  const open: ("[" | "{")[] = [];
  let expected: Expected = "value";
  TOKEN.lastIndex = 0;
  for (;;) {
    const at = TOKEN.lastIndex;
    const [, mark, string] = TOKEN.exec(text) ?? [];
    const next: Expected | null = TOKEN.lastIndex === 0 ? null : after(expected, mark, string !== undefined, open);
    if (next === null) return lineAt(text, at);
    expected = next;
  }
}

function after(expected: Expected, mark: string | undefined, isString: boolean, open: ("[" | "{")[]): Expected | null {
  if (expected === "colon") return mark === ":" ? "value" : null;
  if (expected === "comma") {
    const inside = open.at(-1);
    if (mark === ",") return inside === "[" ? "value" : inside === "{" ? "named" : null;
    return closes(mark, inside) ? close(open) : null;
  }
  if (expected === "key" || expected === "named") {
    if (isString) return "colon";
    return expected === "key" && mark === "}" ? close(open) : null;
  }
  if (mark === "[" || mark === "{") {
    open.push(mark);
    return mark === "[" ? "item" : "key";
  }
  if (mark === "]" && expected === "item") return close(open);
  return mark === undefined ? "comma" : null;
}

function closes(mark: string | undefined, inside: "[" | "{" | undefined): boolean {
  return (mark === "]" && inside === "[") || (mark === "}" && inside === "{");
}

function close(open: ("[" | "{")[]): Expected {
  open.pop();
  return "comma";
}

function lineAt(text: string, position: number): number {
  const rest = text.slice(position);
  const fault = position + rest.length - rest.trimStart().length;
  return (fault >= text.length ? text.trimEnd() : text.slice(0, fault)).split("\n").length;
}
