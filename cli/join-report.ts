import * as z from "zod/mini";

/** What `worker/headless` prints on its console, one JSON a line, of the state of its Compute Server. */
const stateSchema = z.object({
  phase: z.string(),
  notice: z.nullable(z.string()),
  slots: z.int(),
  running: z.array(z.object({ jobName: z.string(), owner: z.string() })),
  tasksDone: z.int(),
  tasksFailed: z.int(),
});
type State = z.infer<typeof stateSchema>;

export interface JoinReport {
  /** A line of the page's console. */
  line(text: string): void;
  note(text: string): void;
}

/** Turns the many states of a Compute Server into one line a change that a person cares about. */
export function createJoinReport(print: (line: string) => void): JoinReport {
  let last = "";
  const note = (text: string) => print(`${new Date().toLocaleTimeString("en-GB")}  ${text}`);
  return {
    note,
    line(text) {
      const state = readState(text);
      const words = state === undefined ? text : describe(state);
      if (words !== last) note(state === undefined ? words : `${words} (${state.tasksDone} tasks done${state.tasksFailed === 0 ? "" : `, ${state.tasksFailed} failed`})`);
      last = words;
    },
  };
}

function describe({ phase, notice, slots, running }: State): string {
  const jobs = [...new Set(running.map(({ jobName, owner }) => `${jobName} for ${owner}`))].toSorted();
  const work = phase !== "registered" ? "" : jobs.length === 0 ? `, ${slots} slots wait for work` : `, runs ${jobs.join(" and ")}`;
  return `${phase}${work}${notice === null ? "" : `: ${notice}`}`;
}

function readState(text: string): State | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A line of the browser's own: it is shown as it is.
    return undefined;
  }
  return stateSchema.safeParse(json).data;
}
