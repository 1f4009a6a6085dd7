import type { Row } from "./result.ts";

export interface Settings {
  /** How often everything is measured. */
  readonly runs: number;
  /** About how long one measurement takes. */
  readonly seconds: number;
  /** Small sizes: to see that it runs. */
  readonly quick: boolean;
  /** Where hubs write CPU profiles when they stop; null: they write none. */
  readonly profileDir: string | null;
  /** Tells whoever waits what is being done. */
  readonly say: (line: string) => void;
}

export interface Outcome {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** Settings where nobody says otherwise. */
  readonly runs: number;
  readonly seconds: number;
  run(settings: Settings): Promise<Outcome>;
}
