import * as z from "zod/mini";

/** What `worker/headless` prints on its console, one JSON a line. */
const lineSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("state"),
    phase: z.string(),
    notice: z.nullable(z.string()),
    signInNeeded: z.boolean(),
    slots: z.int(),
    running: z.int(),
    tasksDone: z.int(),
    tasksFailed: z.int(),
  }),
  z.object({ type: z.literal("error"), message: z.string() }),
]);
type Line = z.infer<typeof lineSchema>;

export interface JoinReport {
  /** A line of the page's console. Answers false when the hub takes this Compute Server only with an account's token. */
  line(text: string): boolean;
  note(text: string): void;
}

/** Turns the many states of a Compute Server into one line a change that a person cares about. */
export function createJoinReport(print: (line: string) => void): JoinReport {
  let last = "";
  const note = (text: string) => print(`${new Date().toLocaleTimeString("en-GB")}  ${text}`);
  return {
    note,
    line(text) {
      const line = readLine(text);
      const words = line === undefined ? text : describe(line);
      if (words !== last) note(line?.type === "state" ? `${words} (${counts(line)})` : words);
      last = words;
      return !(line?.type === "state" && line.signInNeeded);
    },
  };
}

function describe(line: Line): string {
  if (line.type === "error") return line.message;
  const { phase, notice, slots, running } = line;
  const work = phase !== "registered" ? "" : running === 0 ? `, ${slots} ${slots === 1 ? "slot waits" : "slots wait"} for work` : ", computes";
  return `${phase}${work}${notice === null ? "" : `: ${notice}`}`;
}

function counts({ tasksDone, tasksFailed }: Extract<Line, { type: "state" }>): string {
  return `${tasksDone} ${tasksDone === 1 ? "task" : "tasks"} done${tasksFailed === 0 ? "" : `, ${tasksFailed} failed`}`;
}

function readLine(text: string): Line | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // A line of the browser's own: it is shown as it is.
    return undefined;
  }
  return lineSchema.safeParse(json).data;
}
