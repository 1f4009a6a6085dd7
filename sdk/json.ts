import * as z from "zod/mini";
import type { Json } from "../protocol/value-json.ts";

/** For parts of what JSON.parse gave. That is JSON all through: to walk it once more would find nothing, and takes time. */
export const jsonSchema = z.custom<Json>((candidate) => candidate !== undefined);
