import "./value-view.css";
import { useMemo } from "react";
import type { Output } from "./output.ts";
import { joinedText } from "./shown-text.ts";

/** The outputs as one text, a line or more a task, in index order. */
export function TextView({ outputs }: { readonly outputs: readonly Output[] }) {
  const text = useMemo(() => joinedText(outputs), [outputs]);
  return <pre className="value-view" tabIndex={0} role="region" aria-label="The text">{text}</pre>;
}
