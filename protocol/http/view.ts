import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

const side = z.int().check(z.minimum(1), z.maximum(LIMITS.imageSidePixels));

/** How a job's result is shown. Declared by the Executable (`export const view`), or inferred from the outputs. */
export const viewSchema = z.discriminatedUnion("kind", [
  /** Outputs are tiles `{ x, y, width, height, rgba }`. */
  z.object({ kind: z.literal("image"), width: side, height: side }),
  /** A Vega-Lite specification whose data are the outputs. */
  z.object({ kind: z.literal("chart"), spec: z.record(z.string(), z.unknown()) }),
  z.object({ kind: z.literal("table") }),
  z.object({ kind: z.literal("value") }),
  z.object({ kind: z.literal("text") }),
  z.object({ kind: z.literal("files") }),
]);
export type View = z.infer<typeof viewSchema>;
export type ViewKind = View["kind"];
