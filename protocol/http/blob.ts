import * as z from "zod/mini";
import { blobIdSchema } from "../ids.ts";

/** Answer of `POST /compute/blobs`: where a large value was stored. */
export const storedBlobSchema = z.object({ blobId: blobIdSchema, bytes: z.int() });
export type StoredBlob = z.infer<typeof storedBlobSchema>;
