import type { RequestHandler } from "express";
import * as z from "zod/mini";
import { namedSchemas, schemaName } from "./openapi.ts";
import type { Route } from "./route.ts";

/** `GET /api`: the interface to read, in one page without a script. Made of the same table as the routes. */
export function apiPage(routes: readonly Route[], version: string): RequestHandler {
  const html = render(routes, version);
  return (_request, response) => {
    response.set("Cache-Control", "no-cache").type("html").send(html);
  };
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: #666; --soft: #8881; --link: #1558b0 }
@media (prefers-color-scheme: dark) { :root { --quiet: #aaa; --link: #8ab4f8 } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem }
a { color: var(--link) } h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0 } summary { cursor: pointer; padding: .6rem .8rem }
details > div { border-top: 1px solid var(--line); padding: .2rem .8rem .8rem; overflow-x: auto }
code { font: .9em ui-monospace, monospace } .method { display: inline-block; font-weight: 700; min-width: 3.2rem }
.quiet { color: var(--quiet) } table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top }
pre { background: var(--soft); border-radius: .5rem; overflow-x: auto; padding: .8rem }`;

const EXAMPLE = `curl -s http://127.0.0.1:8080/api/jobs -H 'content-type: application/json' -d '{
  "name": "squares",
  "executable": { "source": "export default (n) => n * n" },
  "inputs": { "range": { "start": 1, "end": 11 } }
}'`;

function render(routes: readonly Route[], version: string): string {
  const groups = [...new Set(routes.map(({ group }) => group))];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Manyhands: the HTTP interface</title><style>${STYLE}</style></head><body><main>
<h1>The HTTP interface</h1>
<p class="quiet">Version ${escape(version)}. Every error is a problem of RFC 9457 (<code>application/problem+json</code>). For programs: <a href="/api/openapi.json">openapi.json</a>. To the <a href="/">web app</a>.</p>
<p>A job in one call:</p><pre><code>${escape(EXAMPLE)}</code></pre>
${groups.map((group) => `<h2>${escape(group)}</h2>\n${routes.filter((route) => route.group === group).map(renderRoute).join("\n")}`).join("\n")}
<h2>Schemas</h2>
${Object.entries(namedSchemas()).map(([name, schema]) => `<details id="${name}"><summary><code>${name}</code></summary><div><pre><code>${escape(JSON.stringify(schema, null, 2))}</code></pre></div></details>`).join("\n")}
</main></body></html>`;
}

/** On a hub with accounts. */
const WHO = {
  "open": "anybody", "optional": "anybody, for what is public or shared by a `key`; signed in, for what is one's own",
  "required": "who is signed in", "compute-server": "a Compute Server, with its resume token",
} as const;

function renderRoute(route: Route): string {
  const rows = [
    row("who", "", WHO[route.access.shown] + (route.access.scope === null || route.access.shown === "open" ? "" : `; a token needs the scope \`${route.access.scope}\``)),
    ...parameterRows(route.params, "in the path"),
    ...parameterRows(route.query, "query"),
    ...(route.headers ?? []).map(({ name, description }) => row(name, "header", description)),
    ...(route.body === undefined ? [] : [row("body", route.body.contentTypes.join(", "), `${route.body.description}; at most ${route.body.maxBytes} bytes`, route.body.schema)]),
    ...route.answers.map(({ status, description, contentTypes = [], schema }) => row(`→ ${status}`, contentTypes.join(", "), description, schema)),
  ];
  return `<details><summary><span class="method">${route.method.toUpperCase()}</span> <code>${escape(route.path)}</code> <span class="quiet">${escape(route.summary)}</span></summary><div>
${route.description === undefined ? "" : `<p>${words(route.description)}</p>`}<table>${rows.join("")}</table></div></details>`;
}

function parameterRows(schema: z.ZodMiniType, place: string): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => row(name, place, typeof property === "boolean" ? "" : describe(property)));
}

function describe({ type, enum: values, items, minimum, maximum }: z.core.JSONSchema.BaseSchema): string {
  if (values !== undefined) return values.join(", ");
  if (items !== undefined && typeof items === "object" && !Array.isArray(items)) return describe(items);
  return [type, minimum === undefined ? "" : `from ${minimum}`, maximum === undefined ? "" : `to ${maximum}`].filter((word) => word !== undefined && word !== "").join(" ");
}

function row(name: string, place: string, text: string, schema?: z.ZodMiniType): string {
  const named = schema === undefined ? undefined : schemaName(schema);
  const link = named === undefined ? "" : ` <a href="#${named}">${named}</a>`;
  return `<tr><th scope="row"><code>${escape(name)}</code></th><td class="quiet">${escape(place)}</td><td>${words(text)}${link}</td></tr>`;
}

/** Text in which `this` is code. */
function words(text: string): string {
  return escape(text).replace(/`([^`]*)`/g, "<code>$1</code>");
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
