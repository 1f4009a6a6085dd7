import type { Request } from "express";
import type * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import { schemaErrors } from "../execution/schema-errors.ts";
import { HttpError } from "./http-error.ts";
import { bodyOf } from "./request-body.ts";
import type { RequestBody } from "./route.ts";

/** More than any of the small bodies needs. */
const SMALL_BODY_BYTES = 16 * 1024;

/** A small body of JSON. Its type is none that a form of another site's page can send. */
export function jsonBody(description: string, schema: z.ZodMiniType): RequestBody {
  return { contentTypes: ["application/json"], description, maxBytes: SMALL_BODY_BYTES, schema };
}

/** What was sent, of this schema. Throws GridError "malformed" or HttpError 400 with the places of the faults. */
export function jsonOf<T>(request: Request, schema: z.ZodMiniType<T>): T {
  const parsed = schema.safeParse(jsonFrom(bodyOf(request)));
  if (parsed.success) return parsed.data;
  const errors = schemaErrors(parsed.error);
  throw new HttpError(400, `Cannot read this request: ${errors.map(({ path, message }) => `${path ?? "body"}: ${message}`).join("; ")}`, { errors });
}

function jsonFrom(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new GridError("malformed", "Cannot read this request: its body is no JSON", { cause });
  }
}
