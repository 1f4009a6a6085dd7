/** Nothing that a benchmark waits for takes longer, unless something is broken. */
const LONGEST_MS = 15 * 60 * 1000;

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}

/** Asks again and again until it holds. Throws Error where it never seems to. */
export async function until(what: string, holds: () => Promise<boolean>, everyMs: number): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Cannot wait any longer until ${what}`);
    await sleep(everyMs);
  }
}
