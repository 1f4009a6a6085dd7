import { hash } from "node:crypto";
import type { AnswerDigest } from "../../../scheduler/verification/verification.ts";

const DIGEST_CHARS = 32;

/** The answer that canonical bytes stand for: the first 128 bits of their SHA-256, in hexadecimal. */
export function answerOf(canonical: Uint8Array): AnswerDigest {
  return hash("sha256", canonical, "hex").slice(0, DIGEST_CHARS);
}

