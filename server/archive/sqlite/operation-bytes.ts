import type { Operation, Statement } from "./thread-messages.ts";

/** What an operation costs beside what it carries. */
const OPERATION_BYTES = 256;

/** An answer is a text of 32 digits, with its place in a list. */
const ANSWER_BYTES = 64;

/** About how much memory an operation takes while it is under way, in bytes. */
export function operationBytes(operation: Operation): number {
  switch (operation.type) {
    case "save-inputs": case "save-results": return OPERATION_BYTES + operation.chunk.packed.byteLength;
    case "save-held": return OPERATION_BYTES + operation.chunk.packed.byteLength + ANSWER_BYTES * operation.answers.length;
    case "accept-held": return OPERATION_BYTES + ANSWER_BYTES * operation.accepted.length;
    case "save-failure": return OPERATION_BYTES + 2 * (operation.failure.message.length + operation.failure.stack.length);
    case "unit": case "create-job": return OPERATION_BYTES + parameterBytes(operation.statements);
    default: return OPERATION_BYTES;
  }
}

function parameterBytes(statements: readonly Statement[]): number {
  let bytes = 0;
  for (const { parameters } of statements) {
    for (const parameter of parameters) {
      if (typeof parameter === "string") bytes += 2 * parameter.length;
    }
  }
  return bytes;
}
