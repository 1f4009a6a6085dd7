/** One no-op task. */
export default function noOp(n: number): number {
  return n;
}

/** No-op tasks that somebody cut into a batch by hand. */
export function batch([from, to]: readonly [from: number, to: number]): number[] {
  const outputs: number[] = [];
  for (let n = from; n < to; n++) outputs.push(noOp(n));
  return outputs;
}
