/** For what only a bug can break. What a peer or a caller can cause is an error with a kind, not this. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`Cannot go on, this is a bug: ${what}`);
}
