// How the scheduler tells numbers and lists to people.

/** "1 Slot", "3 Slots". */
export function quantityInWords(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** "a", "a and b", "a, b and c". */
export function listInWords(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** One unit is enough for a wait: "less than a second", "12 s", "3 min", "5 h". */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return "less than a second";
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
