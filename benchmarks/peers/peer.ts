/** Another system that runs tasks, measured as ours is. It is started for a measurement alone and stopped after it, so that it costs nothing meanwhile. */
export interface Peer {
  /** How it was set, in some words. */
  readonly name: string;
  /** No-op tasks a second, from the first one handed over to the last result at the caller. */
  rate(seconds: number): Promise<number>;
}

/** One that can be asked for a single task, too. */
export interface PromptPeer extends Peer {
  /** From one task handed over to its result at the caller, in ms, `tasks` times one after the other. */
  latencies(tasks: number): Promise<number[]>;
}

/** How many tasks take about so many seconds: tried with a few, then with so many that the time can be trusted. */
export async function rateOver(seconds: number, firstTasks: number, msOf: (tasks: number) => Promise<number>): Promise<number> {
  const triedMs = await msOf(firstTasks);
  const tasks = Math.max(firstTasks, Math.ceil((firstTasks / triedMs) * seconds * 1000));
  return (tasks / (await msOf(tasks))) * 1000;
}
