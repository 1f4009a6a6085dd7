import "./value-view.css";
import type { Value } from "../../protocol/value.ts";
import { readable } from "./table-rows.ts";

/** One answer, as large as it deserves. */
export function ValueView({ value }: { readonly value: Value }) {
  const plain = typeof value !== "object" || value instanceof Date;
  if (plain) return <output className="value-view value-view-plain">{value instanceof Date ? value.toISOString() : String(value)}</output>;
  return <pre className="value-view" tabIndex={0} role="region" aria-label="The value">{JSON.stringify(value, readable, 2)}</pre>;
}
