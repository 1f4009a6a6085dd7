import { Router } from "express";
import { HttpError } from "./http-error.ts";
import type { Route } from "./route.ts";

/** Serves the table: each route under its path, and 405 for every other method there. */
export function serveRoutes(routes: readonly Route[]): Router {
  const router = Router();
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const pattern = path.replace(/\{(\w+)\}/g, ":$1");
    for (const { method, handlers } of here) router[method](pattern, ...handlers);
    const allowed = [...new Set(here.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()])))].join(", ");
    router.all(pattern, (request, response) => {
      if (request.method !== "OPTIONS") throw new HttpError(405, `Cannot ${request.method} ${request.path}: it takes ${allowed}`, { headers: { Allow: allowed } });
      response.set("Allow", `${allowed}, OPTIONS`).status(204).end();
    });
  }
  return router;
}
