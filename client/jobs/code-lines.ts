const MAX_LINES = 2_000;
const MAX_CHARS = 256 * 1024;

export interface CodeLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a source to show; `complete` is false where it goes on. A minified bundle can be one line of megabytes. */
export function codeLines(source: string): { readonly lines: readonly CodeLine[]; readonly complete: boolean } {
  const lines = source.slice(0, MAX_CHARS).split("\n");
  return {
    lines: lines.slice(0, MAX_LINES).map((text, i) => ({ number: i + 1, text })),
    complete: source.length <= MAX_CHARS && lines.length <= MAX_LINES,
  };
}
