import type { ComputeServerId } from "../../protocol/ids.ts";

/**
 * What stands for an output: the first 128 bits of SHA-256 over its canonical bytes, in 32 hexadecimal digits. The
 * scheduler never sees an output; answers agree where they are equal.
 */
export type AnswerDigest = string;

/** Which answer of a task is accepted. */
export type Verification =
  /** The first. */
  | { readonly kind: "first" }
  /** The first that so many volunteers agree on. */
  | { readonly kind: "quorum"; readonly answers: number }
  /** The first that is wrong with no more than this probability, as far as can be told. */
  | { readonly kind: "credibility"; readonly errorRate: number };

/** An answer that is stored and neither accepted nor void: a vote. */
export interface HeldAnswer {
  readonly computeServerId: ComputeServerId;
  readonly volunteer: string;
  readonly network: string;
  readonly index: number;
  readonly answer: AnswerDigest;
}

/** The held output with this answer is the task's result. */
export interface AcceptedAnswer {
  readonly index: number;
  readonly answer: AnswerDigest;
}
