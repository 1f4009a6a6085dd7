import "./value-view.css";
import { useMemo } from "react";
import type { Output } from "./output.ts";
import { cellText } from "./table-rows.ts";

/** More text than this is not read on a page: the downloads have it all. */
const MAX_SHOWN_CHARS = 300_000;

/** The outputs as one text, a line or more a task, in index order. */
export function TextView({ outputs }: { readonly outputs: readonly Output[] }) {
  const text = useMemo(() => joined(outputs), [outputs]);
  return <pre className="value-view" tabIndex={0} role="region" aria-label="The text">{text}</pre>;
}

function joined(outputs: readonly Output[]): string {
  const parts: string[] = [];
  let chars = 0;
  for (const { value } of outputs) {
    const part = typeof value === "string" ? value : cellText(value);
    parts.push(part.slice(0, MAX_SHOWN_CHARS - chars));
    chars += part.length;
    if (chars >= MAX_SHOWN_CHARS) return `${parts.join("\n")}\n…`;
  }
  return parts.join("\n");
}
