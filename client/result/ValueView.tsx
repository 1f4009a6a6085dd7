import "./value-view.css";
import { useMemo } from "react";
import type { Value } from "../../protocol/value.ts";
import { valueText } from "./shown-text.ts";

/** What is longer is read, not looked at. */
const PLAIN_CHARS = 500;

/** One answer, as large as it deserves. */
export function ValueView({ value }: { readonly value: Value }) {
  const text = useMemo(() => valueText(value), [value]);
  const plain = (typeof value !== "object" || value instanceof Date) && text.length <= PLAIN_CHARS;
  if (plain) return <output className="value-view value-view-plain">{text}</output>;
  return <pre className="value-view" tabIndex={0} role="region" aria-label="The value">{text}</pre>;
}
