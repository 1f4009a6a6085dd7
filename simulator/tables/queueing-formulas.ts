/**
 * Supermarket model, infinitely many servers (Mitzenmacher 1996): mean time in system, in mean service times, where each
 * task joins the shortest of `choices` queues drawn at random. `load` is below 1.
 */
export function supermarketTime(load: number, choices: number): number {
  if (choices === 1) return 1 / (1 - load);
  let sum = 0;
  for (let i = 1; ; i++) {
    const term = load ** ((choices ** i - choices) / (choices - 1));
    if (term < 1e-12) return sum;
    sum += term;
  }
}

/** One queue in front of `servers` (M/M/n): mean time in system, in mean service times, by Erlang's C formula. */
export function centralQueueTime(load: number, servers: number): number {
  const offered = load * servers;
  // Erlang B by its recursion, which does not overflow, then C from B.
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  const waits = blocked / (1 - load * (1 - blocked));
  return 1 + waits / (servers * (1 - load));
}
