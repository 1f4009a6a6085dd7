import { useState } from "react";
import { longestLeases, type LeaseNow } from "./longest-leases.ts";

const NONE: ReadonlyMap<string, number> = new Map();

/** The most that was seen left of each lease while the page was open. */
export function useLongestLeases(leases: readonly LeaseNow[]): ReadonlyMap<string, number> {
  const [longest, setLongest] = useState(NONE);
  const next = longestLeases(longest, leases);
  if (next !== longest) setLongest(next);
  return next;
}
