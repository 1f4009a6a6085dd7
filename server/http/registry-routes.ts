import { GridError } from "../../protocol/grid-error.ts";
import {
  computeServersSchema, computeServerViewSchema, gridPulseSchema, loadBalancersSchema, policiesSchema,
  type ComputeServerView, type GridPulse, type LoadBalancerView, type Policies,
} from "../../protocol/http/registry.ts";
import type { JobId } from "../../protocol/ids.ts";
import { PLACEMENT_NAMES, placementSummary } from "../../scheduler/placement/policies.ts";
import type { LoadBalancerSnapshot, ServerSnapshot } from "../../scheduler/snapshot.ts";
import type { Principal } from "../accounts/principal.ts";
import { isSecure, requestedHost } from "./client-address.ts";
import { HTTP_LIMITS } from "../limits.ts";
import { sandboxOriginFor } from "./hosts.ts";
import type { HttpContext } from "./http-context.ts";
import { computeServerParams } from "./parameters.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

export function registryRoutes(context: HttpContext): readonly Route[] {
  return [pulseRoute(context), loadBalancersRoute(context), computeServersRoute(context), computeServerRoute(context), policiesRoute(context)];
}

function pulseRoute({ access, grid, options, version }: HttpContext): Route {
  return route({
    method: "get", path: "/api/grid", group: "Grid",
    summary: "The grid's pulse, and what this hub can do",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "The pulse", contentTypes: ["application/json"], schema: gridPulseSchema }],
    access: access.open,
    handle({ request, response }) {
      const pulse: GridPulse = { ...grid.pulse(), mail: options.mail, verification: options.verification, version, sandboxOrigin: sandboxOriginFor(requestedHost(request, options), options, isSecure(request, options)) };
      response.json(pulse);
    },
  });
}

function loadBalancersRoute({ access, grid }: HttpContext): Route {
  return route({
    method: "get", path: "/api/load-balancers", group: "Grid",
    summary: "The Load Balancers that are registered",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "All under a lease", contentTypes: ["application/json"], schema: loadBalancersSchema }],
    access: access.anyReader,
    handle({ response }) {
      response.json({ loadBalancers: grid.loadBalancers().map(viewLoadBalancer) });
    },
  });
}

function computeServersRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/compute-servers", group: "Grid",
    summary: "The Compute Servers that are registered, with their statistics",
    description: `At most ${HTTP_LIMITS.computeServersShown} of them; \`total\` counts all.`,
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "Under a lease, connected or not", contentTypes: ["application/json"], schema: computeServersSchema }],
    access: context.access.anyReader,
    async handle({ principal, response }) {
      const servers = context.grid.computeServers();
      const shown = servers.slice(0, HTTP_LIMITS.computeServersShown);
      const jobs = await jobsSeen(context, principal, shown);
      response.json({ computeServers: shown.map((server) => viewComputeServer(server, jobs)), total: servers.length });
    },
  });
}

function computeServerRoute(context: HttpContext): Route {
  return route({
    method: "get", path: "/api/compute-servers/{computeServerId}", group: "Grid",
    summary: "One Compute Server", description: "`waitingFor` says in words why a slot of it has no work.",
    params: computeServerParams, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "Under a lease, connected or not", contentTypes: ["application/json"], schema: computeServerViewSchema }],
    access: context.access.anyReader,
    async handle({ params: { computeServerId }, principal, response }) {
      const server = context.grid.computeServer(computeServerId);
      if (server === undefined) throw new GridError("not-found", `Cannot find the Compute Server ${computeServerId}: its lease is over, or it never registered`);
      response.json(viewComputeServer(server, await jobsSeen(context, principal, [server])));
    },
  });
}

function policiesRoute({ access, options }: HttpContext): Route {
  return route({
    method: "get", path: "/api/policies", group: "Grid",
    summary: "The ways to choose the Compute Server that gets a batch",
    description: "A job names one of them in `options.policy`; `byDefault` is this hub's own.",
    params: NO_PARAMETERS, query: NO_PARAMETERS,
    answers: [{ status: 200, description: "All policies", contentTypes: ["application/json"], schema: policiesSchema }],
    access: access.open,
    handle({ response }) {
      const policies: Policies = { byDefault: options.policy, policies: PLACEMENT_NAMES.map((name) => ({ name, summary: placementSummary(name) })) };
      response.json(policies);
    },
  });
}

function viewLoadBalancer({ leaseLeftMs, ...rest }: LoadBalancerSnapshot): LoadBalancerView {
  return { ...rest, leaseLeftMs: finite(leaseLeftMs) };
}

/** Of the jobs that these work for, those that this one may see. */
async function jobsSeen({ access, archive }: HttpContext, principal: Principal, servers: readonly ServerSnapshot[]): Promise<ReadonlySet<JobId>> {
  const ids = [...new Set(servers.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])))];
  const jobs = await Promise.all(ids.map((jobId) => archive.job(jobId)));
  return new Set(jobs.flatMap((job) => (job !== undefined && access.sees(principal, job) ? [job.jobId] : [])));
}

/** A job that may not be seen is none. */
function viewComputeServer({ leaseLeftMs, statistics, capabilities, jobId, ...rest }: ServerSnapshot, jobs: ReadonlySet<JobId>): ComputeServerView {
  const { lastCompletionAtMs, registeredAtMs, ...numbers } = statistics;
  return { ...rest, jobId: jobId !== null && jobs.has(jobId) ? jobId : null, capabilities: [...capabilities], leaseLeftMs: finite(leaseLeftMs), statistics: { ...numbers, lastCompletionAt: lastCompletionAtMs, registeredAt: registeredAtMs } };
}

/** JSON has no Infinity: for ever is null. */
function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
