import type { HttpContext } from "./http-context.ts";
import { openApi } from "./openapi.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

/** `GET /api/openapi.json`, which tells of every route, itself too. */
export function openApiRoute({ access, version }: HttpContext, others: readonly Route[]): Route {
  const self: Route = route({
    method: "get", path: "/api/openapi.json", group: "Operation",
    summary: "This interface, as OpenAPI 3.1",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The document", contentTypes: ["application/json"] }],
    access: access.open,
    handle({ response }) {
      response.json(openApi([...others, self], version));
    },
  });
  return self;
}
