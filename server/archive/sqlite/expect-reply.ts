import { GridError } from "../../../protocol/grid-error.ts";
import type { Reply } from "./thread-messages.ts";

type AnyReply = Reply<never>;

/** The reply as what its operation gives. A refusal is thrown as its GridError. */
export function expectReply<T extends AnyReply["type"]>(reply: AnyReply, type: T): Extract<AnyReply, { type: T }> {
  if (isReply(reply, type)) return reply;
  if (reply.type === "refused") throw new GridError(reply.kind, reply.message);
  throw new Error(`Cannot read a reply of the archive's thread: expected ${type}, found ${reply.type}`);
}

function isReply<T extends AnyReply["type"]>(reply: AnyReply, type: T): reply is Extract<AnyReply, { type: T }> {
  return reply.type === type;
}
