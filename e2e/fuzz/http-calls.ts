import { gzipSync } from "node:zlib";
import * as z from "zod/mini";
import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { changeSomewhere, pick } from "./mutate.ts";

const schemaSchema = z.looseObject({});
type Schema = z.infer<typeof schemaSchema>;

const operationSchema = z.object({
  parameters: z.optional(z.array(z.object({ name: z.string(), in: z.string(), schema: z.optional(schemaSchema) }))),
  requestBody: z.optional(z.object({ content: z.record(z.string(), z.object({ schema: z.optional(schemaSchema) })) })),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | undefined;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly body: { readonly type: string; readonly schema: Schema | undefined } | undefined;
}

const ODD_TEXTS: readonly [string, ...string[]] = [
  "", "0", "-1", "1e999", "NaN", "null", "true", "[]", "{}", "9007199254740993", "__proto__", "constructor", "toString", "../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "a\0b", "%ff%fe", "%ud800",
  "\u202e", "' OR 1=1 --", "<script>alert(1)</script>", "${7*7}", "x".repeat(5_000), "\u{1f984}", "%", "%zz", "a".repeat(64), "0".repeat(64), "state=completed", ";", "?", "#",
];
const ODD_TYPES: readonly [string, ...string[]] = [
  "application/json", "application/json; charset=utf-16", "application/json; charset=utf-7", "application/json;;;", "text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
  "APPLICATION/JSON", "application/json, text/javascript", "text/javascript", "application/octet-stream", "*/*", "application/json; charset=\"", "\u00ff",
];
const ODD_JSON: readonly [string, ...string[]] = [
  "", "{", "]", "null", "0", "\"\"", "[]", "\ufeff{}", "{\"__proto__\":{\"polluted\":1}}", "{\"constructor\":{\"prototype\":{\"polluted\":1}}}", "[".repeat(100_000), "{\"a\":".repeat(50_000),
  "{\"name\":\"\\ud800\"}", "{\"name\":\"\\u0000\"}", `{"name":${"9".repeat(10_000)}}`, "{\"name\":1e99999}", "{\"name\":\"a\",\"name\":\"b\"}", "{'name':1}", "{\"a\":undefined}", "\u0000", "NaN",
];
const MAX_DEPTH = 6;

/** Every call of the hub's own OpenAPI document, made wrong in all the ways that a stranger can think of. */
export class HttpCalls {
  readonly #operations: readonly Operation[];
  readonly #schemas: Readonly<Record<string, Schema>>;
  /** Ids and names that there are, by the parameter that takes them. */
  readonly #known: Readonly<Record<string, readonly string[]>>;

  constructor(document: unknown, known: Readonly<Record<string, readonly string[]>>) {
    const { paths, components } = documentSchema.parse(document);
    this.#schemas = components.schemas;
    this.#known = known;
    this.#operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      return { method: method.toUpperCase(), path, parameters, body: content && { type: content[0], schema: content[1].schema } };
    }));
  }

  get operations(): number {
    return this.#operations.length;
  }

  next(random: SeededRandom): Call {
    const operation = this.#operations[random.below(this.#operations.length)];
    if (operation === undefined) throw new Error("Cannot call anything: the document names no operations");
    const value = (name: string) => this.#textFor(name, random);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodePath(value(name), random));
    const query = operation.parameters.filter(({ in: place }) => place === "query" && random.below(3) === 0).map(({ name }) => `${name}=${encodePath(value(name), random)}`);
    if (random.below(10) === 0) query.push(...Array.from({ length: random.below(300) }, (_, i) => `${pick(random, ["a", "q", "__proto__", "limit"])}[${i}]=${i}`));
    const headers: Record<string, string | readonly string[]> = { "x-forwarded-for": pick(random, ODD_TEXTS).replaceAll(/[^\x20-\x7e]/g, "?") };
    for (const { name, in: place } of operation.parameters) if (place === "header" && random.below(2) === 0) headers[name.toLowerCase()] = printable(value(name));
    if (random.below(8) === 0) headers[pick(random, ["accept", "cookie", "authorization", "if-none-match", "range", "last-event-id", "origin", "idempotency-key"])] = printable(pick(random, ODD_TEXTS));
    const body = operation.body !== undefined || random.below(12) === 0 ? this.#body(operation, random) : undefined;
    const type = operation.body !== undefined && random.below(6) > 0 ? operation.body.type : pick(random, ODD_TYPES);
    if (body !== undefined && type !== "") headers["content-type"] = random.below(30) === 0 ? [type, pick(random, ODD_TYPES)].map(printable) : printable(type);
    const encoded = body !== undefined && random.below(12) === 0;
    if (encoded) headers["content-encoding"] = pick(random, ["gzip", "br", "deflate", "identity, gzip", "compress", "zstd"]);
    return {
      method: random.below(20) === 0 ? pick(random, ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND", "TRACE"]) : operation.method,
      path: `${path}${query.length === 0 ? "" : `?${query.join("&")}`}`,
      headers, body: encoded && random.below(2) === 0 ? gzipSync(body) : body,
    };
  }

  #textFor(name: string, random: SeededRandom): string {
    const known = this.#known[name] ?? [];
    return known.length > 0 && random.below(2) === 0 ? (known[random.below(known.length)] ?? "") : pick(random, ODD_TEXTS);
  }

  #body({ body }: Operation, random: SeededRandom): Uint8Array {
    if (body?.schema === undefined || random.below(8) === 0) {
      const text = pick(random, ODD_JSON);
      return random.below(4) === 0 ? Buffer.from(`${text}\u00ff\u00fe`, "latin1") : Buffer.from(text);
    }
    const sample = this.sample(body.schema, random, 0);
    for (let i = random.below(3); i > 0; i--) changeSomewhere(sample, random);
    const json = JSON.stringify(sample, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value)) ?? "";
    switch (random.below(20)) {
      case 0: return Buffer.from(json.slice(0, random.below(json.length + 1)));
      case 1: return Buffer.from(json.replace("{", `{"__proto__":{"x":1},${json.slice(1, 40)}`));
      case 2: return Buffer.from(json, "utf16le");
      default: return Buffer.from(json);
    }
  }

  /** A value that fits this JSON schema, or nearly. */
  sample(schema: Schema, random: SeededRandom, depth: number): unknown {
    const reference = typeof schema["$ref"] === "string" ? this.#schemas[schema["$ref"].split("/").at(-1) ?? ""] : undefined;
    if (reference !== undefined) return this.sample(reference, random, depth);
    for (const key of ["anyOf", "oneOf"]) {
      const choices = z.array(schemaSchema).safeParse(schema[key]);
      const choice = choices.success ? choices.data[random.below(choices.data.length)] : undefined;
      if (choice !== undefined) return this.sample(choice, random, depth);
    }
    if ("const" in schema) return schema["const"];
    if (Array.isArray(schema["enum"])) return schema["enum"][random.below(schema["enum"].length)];
    switch (schema["type"]) {
      case "object": return this.#object(schema, random, depth);
      case "array": return depth > MAX_DEPTH ? [] : Array.from({ length: random.below(4) }, () => this.sample(schemaSchema.safeParse(schema["items"]).data ?? {}, random, depth + 1));
      case "number": case "integer": return pick(random, [0, 1, 2, 3, 100, -1, 2 ** 31, 2 ** 53, 1e21, 0.5]);
      case "boolean": return random.below(2) === 0;
      case "null": return null;
      case "string": return pick(random, ["x", "export default (n) => n", "1\n2\n", "ada@example.org", "https://example.org/", "correct horse battery staple", "ada", ...ODD_TEXTS]);
      default: return pick<unknown>(random, [1, "x", null, [1, 2], { a: 1 }, { $bigint: "12" }, { $bytes: "AA==" }, { $date: "not" }, { $number: "NaN" }]);
    }
  }

  #object(schema: Schema, random: SeededRandom, depth: number): Record<string, unknown> {
    const properties = z.record(z.string(), schemaSchema).safeParse(schema["properties"]).data ?? {};
    const required = z.array(z.string()).safeParse(schema["required"]).data ?? [];
    return Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name) || (depth < MAX_DEPTH && random.below(3) === 0)).map(([name, inner]) => [name, this.sample(inner, random, depth + 1)]));
  }
}

/** As a client would write it, or as it is. */
function encodePath(text: string, random: SeededRandom): string {
  if (random.below(4) > 0) return encodeURIComponent(text);
  return text.replaceAll(/[^\x21-\x7e]|#|\?/g, "_");
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, "?");
}
