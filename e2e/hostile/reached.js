/** The names of the attempts that came through, each given a moment. An attempt that throws, rejects or only hangs did not. */
export async function reached(tries, ms = 400) {
  const moment = new Promise((resolve) => { setTimeout(resolve, ms); });
  const names = await Promise.all(Object.entries(tries).map(async ([name, attempt]) => {
    try {
      return await Promise.race([Promise.resolve().then(attempt).then(() => name), moment]);
    } catch {
      return undefined;
    }
  }));
  return names.filter((name) => name !== undefined);
}

/** For what tells by events: settles by the first of the two. */
export function byEvents(target, good, bad) {
  return new Promise((resolve, reject) => {
    target[`on${good}`] = resolve;
    target[`on${bad}`] = reject;
  });
}
