import * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import type { HttpContext } from "./http-context.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

const healthSchema = z.object({ status: z.literal("ok") });
const readySchema = z.object({ status: z.literal("ok"), disk: z.enum(["ok", "low"]) });
/** An archive that takes longer to answer is not ready. */
const ARCHIVE_ANSWERS_MS = 2_000;

export function operationRoutes(context: HttpContext): readonly Route[] {
  return [healthRoute(context), readyRoute(context), metricsRoute(context)];
}

function healthRoute({ access }: HttpContext): Route {
  return route({
    method: "get", path: "/healthz", group: "Operation",
    summary: "Whether the hub lives",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "It does", contentTypes: ["application/json"], schema: healthSchema }],
    access: access.open,
    handle({ response }) {
      response.json({ status: "ok" });
    },
  });
}

function readyRoute({ access, archive, disk, stopping }: HttpContext): Route {
  return route({
    method: "get", path: "/readyz", group: "Operation",
    summary: "Whether the hub can take work: its archive answers and it is not stopping",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "It can. While its disk is low it takes results alone, and refuses submissions.", contentTypes: ["application/json"], schema: readySchema }],
    access: access.open,
    async handle({ response }) {
      if (stopping.aborted) throw new GridError("unavailable", "Cannot take work: the hub is stopping");
      await within(ARCHIVE_ANSWERS_MS, archive.jobs({ limit: 1 }));
      response.json({ status: "ok", disk: disk.isLow ? "low" : "ok" });
    },
  });
}

async function within(limitMs: number, answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GridError("unavailable", `Cannot take work: the archive has not answered within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function metricsRoute({ access, metrics: { registry } }: HttpContext): Route {
  return route({
    method: "get", path: "/metrics", group: "Operation",
    summary: "Metrics for Prometheus",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "All metrics", contentTypes: ["text/plain"] }],
    access: access.operator,
    async handle({ response }) {
      response.set("Content-Type", registry.contentType).send(await registry.metrics());
    },
  });
}
