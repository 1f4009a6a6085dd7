/** Why there is no output to show, as a result line tells it. */
export interface OutputError {
  readonly message: string;
  readonly stack: string;
}

/** What a result line tells of an output that the archive holds but that cannot be shown: a hostile tab may send anything. */
export function unreadableOutput(cause: unknown): OutputError {
  return { message: `Cannot show this output: ${cause instanceof Error ? cause.message : String(cause)}`, stack: "" };
}

export function missingOutput(): OutputError {
  return unreadableOutput("its bytes are missing from the archive");
}
