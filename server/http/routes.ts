import { computeRoutes } from "./compute-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { executableRoutes } from "./executable-routes.ts";
import { galleryRoutes } from "./gallery-routes.ts";
import type { HttpContext } from "./http-context.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { openIdRoutes } from "./open-id-routes.ts";
import { keepingRoutes } from "./keeping-routes.ts";
import { openApiRoute } from "./openapi-route.ts";
import { operationRoutes } from "./operation-routes.ts";
import { operatorRoutes } from "./operator-routes.ts";
import { registryRoutes } from "./registry-routes.ts";
import { resultRoutes } from "./result-routes.ts";
import type { Route } from "./route.ts";
import { sessionRoutes } from "./session-routes.ts";
import { sharingRoutes } from "./sharing-routes.ts";
import { tokenRoutes } from "./token-routes.ts";

/** Every call of the hub. What express serves, and what OpenAPI tells, is this table and nothing else. */
export function routeTable(context: HttpContext): readonly Route[] {
  const routes = [
    ...jobRoutes(context),
    ...sharingRoutes(context),
    ...keepingRoutes(context),
    ...resultRoutes(context),
    ...eventRoutes(context),
    ...galleryRoutes(context),
    ...executableRoutes(context),
    ...registryRoutes(context),
    ...computeRoutes(context),
    ...sessionRoutes(context),
    ...tokenRoutes(context),
    ...invitationRoutes(context),
    ...openIdRoutes(context),
    ...operatorRoutes(context),
    ...operationRoutes(context),
  ];
  return [...routes, openApiRoute(context, routes)];
}
