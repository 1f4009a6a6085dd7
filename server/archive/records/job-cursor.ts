import * as z from "zod/mini";
import { GridError } from "../../../protocol/grid-error.ts";

const positionSchema = z.tuple([z.number(), z.string()]);
type JobPosition = z.infer<typeof positionSchema>;

/** Where the next page of jobs begins: behind the job that was created then, with that id. */
export function encodeJobCursor(position: JobPosition): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** Throws GridError "invalid-request" for what `encodeJobCursor` never wrote. */
export function decodeJobCursor(cursor: string): JobPosition {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (cause) {
    throw new GridError("invalid-request", "Cannot list jobs from this cursor: it is none that a page gave. Start without one.", { cause });
  }
}
