import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { downSchema } from "./down.ts";
import { upSchema } from "./up.ts";
import { PROTOCOL_VERSION } from "./version.ts";

// A change of the wire by accident fails here. When it is meant: raise PROTOCOL_VERSION, add a line to its history,
// and put the new hash beside the new version.
const HASH_OF_VERSION = new Map([[1, "44a04962a523fdf6"], [2, "a30c723f2f3f9a32"], [3, "63a72c927bc0a8f5"]]);

test("PROTOCOL_VERSION: the schemas of the link are those of this version", () => {
  const schemas = [upSchema, downSchema].map((schema) => z.toJSONSchema(schema, { unrepresentable: "any" }));
  const hash = createHash("sha256").update(JSON.stringify(schemas)).digest("hex").slice(0, 16);
  expect(hash).toBe(HASH_OF_VERSION.get(PROTOCOL_VERSION));
});
