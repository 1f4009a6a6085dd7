import express, { type Express } from "express";
import * as z from "zod/mini";
import { Admission } from "../execution/admission.ts";
import { ExecutionManager } from "../execution/execution-manager.ts";
import { SubmissionReader } from "../execution/submission-reader.ts";
import { AccessRules } from "./access.ts";
import { apiPage } from "./api-page.ts";
import { builtFiles, type BuiltFiles } from "./built-files.ts";
import { requestedHost, type Arrival } from "./client-address.ts";
import { isAllowedOrigin, isOwnName } from "./hosts.ts";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-error.ts";
import { JobFeeds } from "./job-feeds.ts";
import { isFromElsewhere, originGuard } from "./origin-guard.ts";
import { problemHandler } from "./problem-response.ts";
import { requestLimit } from "./request-limit.ts";
import { routeTable } from "./routes.ts";
import { sandboxFrame } from "./sandbox-frame.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveRoutes } from "./serve-routes.ts";
import { staticClient } from "./static-client.ts";

export type HttpDependencies = Pick<HttpContext, "accounts" | "onAccountChanged" | "archive" | "assignedFiles" | "grid" | "logger" | "options" | "pictures" | "metrics" | "guard" | "disk" | "ownerLimits" | "allowedPerTask">;

export interface HttpApp {
  readonly app: Express;
  /** Whether the Compute Server's link may be opened by this request: its host and its origin are the hub's own. */
  isAllowedOrigin(request: Arrival): boolean;
  /** The hub begins to stop: it is not ready any more. */
  drain(): void;
  /** Ends every stream of events. */
  close(): void;
}

// Zod's small build has no words of its own; people read these.
z.config(z.locales.en());

/** Everything that the hub answers over HTTP. */
export function createHttpApp(dependencies: HttpDependencies, built: BuiltFiles = builtFiles()): HttpApp {
  const { accounts, archive, grid, logger, options, guard, metrics } = dependencies;
  const stopping = new AbortController();
  const feeds = new JobFeeds({ archive, grid, logger, options });
  const byDefault = { visibility: accounts === null ? "public" : "private", verification: options.verification } as const;
  const executionManager = new ExecutionManager(archive, grid, new SubmissionReader(), byDefault, new Admission(archive, dependencies.ownerLimits, dependencies.disk), dependencies.allowedPerTask);
  const routes = routeTable({
    ...dependencies,
    onAccountChanged: (accountId) => {
      dependencies.onAccountChanged(accountId);
      feeds.recheckAll();
    },
    access: new AccessRules(archive, accounts, options), version: built.version, executionManager, feeds, stopping: stopping.signal,
  });

  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  // Answers are not stored, so that a tag on each would only cost; pictures and files have tags of their own.
  app.set("etag", false);
  app.use(requestLimit(guard, options, "requestsPerMinute"));
  app.use(originGuard(options));
  app.get("/sandbox/frame.html", sandboxFrame(built.sandboxFrame, options));
  app.use(securityHeaders(options));
  app.use(serveRoutes(routes));
  app.get("/api", apiPage(routes, built.version));
  app.use(["/api", "/compute", "/sandbox"], nothingThere);
  app.use(...staticClient(built.client), nothingThere);
  app.use(problemHandler(logger, (limit) => metrics.refusals.inc({ limit })));

  return {
    app,
    isAllowedOrigin: (request) => isOwnName(request, "/", options) && isAllowedOrigin(request.headers.origin, requestedHost(request, options), options) && !isFromElsewhere(request),
    drain: () => stopping.abort(),
    close: () => feeds.close(),
  };
}

function nothingThere(request: express.Request): never {
  throw new HttpError(404, `Cannot find ${request.originalUrl.slice(0, 200)}: nothing is there. GET /api tells what there is.`);
}
