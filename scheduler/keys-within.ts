/** The keys of a map by task index that lie between `from` (in) and `to` (out): costs the smaller of the two. */
export function keysWithin(map: ReadonlyMap<number, unknown>, from: number, to: number): number[] {
  const keys: number[] = [];
  if (map.size === 0) return keys;
  if (map.size < to - from) {
    for (const key of map.keys()) if (key >= from && key < to) keys.push(key);
  } else {
    for (let key = from; key < to; key++) if (map.has(key)) keys.push(key);
  }
  return keys;
}
