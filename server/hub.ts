import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import type { Logger } from "pino";
import { GridError } from "../protocol/grid-error.ts";
import { Scheduler } from "../scheduler/scheduler.ts";
import { AddressGuard } from "./address-guard.ts";
import type { ResultsArchive } from "./archive/archive.ts";
import { DiskSpace } from "./archive/disk-space.ts";
import { openSqliteArchive } from "./archive/sqlite/sqlite-archive.ts";
import { mustHaveAccounts, openAccounts } from "./accounts/open-accounts.ts";
import { VolunteerWork } from "./accounts/volunteer-work.ts";
import { AssignedFiles } from "./compute-link/assigned-files.ts";
import { ComputeEndpoint } from "./compute-link/compute-endpoint.ts";
import { ComputeLinks } from "./compute-link/compute-links.ts";
import { EmbeddedLoadBalancer } from "./grid/embedded-load-balancer.ts";
import { RunningGrid } from "./grid/running-grid.ts";
import { createHttpApp, type HttpApp } from "./http/app.ts";
import { guardServer } from "./http/guard-server.ts";
import { createHubServer } from "./http/hub-server.ts";
import { ACCOUNT_LIMITS, JOB_LIMITS, LOCAL_OWNER_LIMITS, OWNER_LIMITS } from "./limits.ts";
import { createMetrics, measureHub } from "./metrics.ts";
import { defaultVerification } from "./execution/default-verification.ts";
import { createMailer } from "./notify/mailer.ts";
import type { HubOptions } from "./options.ts";
import { createPictures, type Pictures } from "./results/pictures.ts";
import { Retention } from "./retention/retention.ts";

/** How long a stopping hub waits for what tabs have finished. */
const DRAIN_MS = 1_500;
/** A stopping hub waits no longer for its disk: what was acknowledged is on it, and the rest comes again. */
const STOP_WITHIN_MS = 10_000;
/** When tabs shall come back to a hub that was stopped. */
const RETRY_AFTER_MS = 2_000;

export interface Hub {
  readonly url: string;
  readonly port: number;
  readonly grid: RunningGrid;
  /** Reads the certificate and its key again, where there is one. */
  readonly reloadCertificate: () => void;
  /** Makes an operator of who opens it first, within 15 minutes; null where there is one already, or no accounts. */
  readonly operatorLink: string | null;
  /**
   * Drains and stops: no new batches, results flushed, tabs told when to come back. Throws GridError "unavailable" when
   * the disk does not take in time what was not acknowledged yet.
   */
  close(): Promise<void>;
}

export interface HubSurroundings {
  readonly logger: Logger;
  /** Called when the hub cannot go on: its archive failed. */
  readonly onFatal: (error: unknown) => void;
}

/** Starts a hub: the composition root. Throws GridError with one clear line for a taken port or an unusable data folder. */
export async function startHub(options: HubOptions & HubSurroundings): Promise<Hub> {
  const { logger, onFatal } = options;
  mustHaveAccounts(options);
  const metrics = createMetrics();
  const onRefusal = (limit: string) => metrics.refusals.inc({ limit });
  const guard = new AddressGuard(options.limits, onRefusal);
  // The port first: a second hub on the same port shall say so, and not that the data folder is in use.
  const { server, port, url, reloadCertificate } = await openServer(options, guard, onRefusal);
  const archive = await openArchive(options, server);
  const { accounts, operatorLink, volunteer } = await openAccounts(options, archive, url);
  const disk = await DiskSpace.watch(options.dataDir, options.minFreeBytes, logger);
  const allowedPerTask = { ...JOB_LIMITS, ...options.limits };
  const ownerLimits = { ...(accounts === null ? LOCAL_OWNER_LIMITS : OWNER_LIMITS), ...options.limits };
  const links = new ComputeLinks();
  const assignedFiles = new AssignedFiles();
  await archive.removeUploads(Date.now() - ACCOUNT_LIMITS.uploadMs);
  const scheduler = new Scheduler({ seed: randomInt(2 ** 32), maxLeaseMs: options.maxLeaseMs, placement: options.policy, ownerWeights: options.ownerWeights, saboteurShare: options.saboteurShare, slotsPerOwner: ownerLimits.slotsPerOwner });
  const grid = new RunningGrid({
    scheduler, archive, links, assignedFiles, allowedPerTask, metrics, logger,
    onLoadBalancerMissing: () => {
      if (options.loadBalancer) loadBalancer.start(url);
      else logger.warn("jobs wait: no Load Balancer is registered, and --no-load-balancer keeps this hub from starting one");
    },
    onLoadBalancerExpired: (loadBalancerId) => {
      // This process stood still for longer than the lease, and lives.
      if (loadBalancerId === loadBalancer.loadBalancerId) loadBalancer.start(url);
    },
    onFatal,
    onLeaseGranted: (command) => endpoint.granted(command, loadBalancer.loadBalancerId),
    onLeaseExpired: (computeServerId) => endpoint.expired(computeServerId),
  });
  const loadBalancer = new EmbeddedLoadBalancer((event) => grid.dispatch(event));
  measureHub(metrics.registry, grid, disk);

  const pictures = createPictures({ archive, onChange: grid.onChange.bind(grid), dataDir: options.dataDir, logger });
  const mailer = options.smtpUrl === null ? null : createMailer({
    archive, onChange: grid.onChange.bind(grid), smtpUrl: options.smtpUrl, from: options.mailFrom, publicUrl: options.publicUrl ?? url, pictures, logger,
    keepDays: options.keepDays, keepLonger: options.keepLonger,
  });
  const http = createHttpApp({
    accounts, archive, assignedFiles, grid, logger, pictures, metrics, guard, disk, ownerLimits, allowedPerTask,
    options: { ...options, verification: defaultVerification(accounts !== null), mail: mailer !== null },
    onAccountChanged: (accountId) => { endpoint.cutAccount(accountId).catch(onFatal); },
  });
  const work = new VolunteerWork(archive.accounts, (computeServerId) => grid.computeServer(computeServerId), logger);
  const endpoint = new ComputeEndpoint({
    archive, grid, links, assignedFiles, work, metrics, logger, guard, volunteer, trustProxy: options.trustProxy,
    isAllowedOrigin: (request) => http.isAllowedOrigin(request),
  });

  const retention = new Retention({ archive, grid, logger, keepDays: options.keepDays });

  if (options.loadBalancer) loadBalancer.start(url);
  const restored = await grid.restore();
  if (restored > 0) logger.info({ jobs: restored }, "took up the jobs that had not ended");
  server.off("request", answerStarting);
  server.on("request", http.app);
  server.on("upgrade", (request, socket, head) => endpoint.upgrade(request, socket, head));

  return {
    url, port, grid, reloadCertificate, operatorLink,
    close: () => stopHub({ archive, endpoint, grid, http, loadBalancer, mailer, pictures, retention, disk, server, work }),
  };
}

interface RunningParts {
  readonly archive: ResultsArchive;
  readonly endpoint: ComputeEndpoint;
  readonly grid: RunningGrid;
  readonly http: HttpApp;
  readonly loadBalancer: EmbeddedLoadBalancer;
  readonly mailer: { close(): Promise<void> } | null;
  readonly pictures: Pictures;
  readonly retention: Retention;
  readonly disk: DiskSpace;
  readonly server: Awaited<ReturnType<typeof openServer>>["server"];
  readonly work: VolunteerWork;
}

async function stopHub({ archive, endpoint, grid, http, loadBalancer, mailer, pictures, retention, disk, server, work }: RunningParts): Promise<void> {
  http.drain();
  await drain(grid, endpoint);
  loadBalancer.stop();
  server.close();
  server.closeAllConnections();
  await withinStop(async () => {
    await work.close();
    disk.close();
    await retention.close();
    await grid.close();
    await mailer?.close();
    await pictures.close();
    http.close();
    await archive.close();
  });
}

async function openServer(options: HubOptions & HubSurroundings, guard: AddressGuard, onRefusal: (limit: string) => void) {
  const { server, scheme, reloadCertificate } = createHubServer(options.tls, options.logger, answerStarting);
  guardServer(server, guard, options, onRefusal);
  await listen(server, options.host, options.port);
  const { port } = addressOf(server);
  return { server, port, url: `${scheme}://${urlHost(options.host)}:${port}`, reloadCertificate };
}

async function openArchive({ dataDir, logger, onFatal }: HubOptions & HubSurroundings, server: Server): Promise<ResultsArchive> {
  try {
    return await openSqliteArchive({ dataDir, logger, onFatal });
  } catch (error) {
    server.close();
    throw error;
  }
}

async function drain(grid: RunningGrid, endpoint: ComputeEndpoint): Promise<void> {
  grid.dispatch({ type: "drain" });
  endpoint.drain(RETRY_AFTER_MS);
  if (grid.computeServers().length > 0) await new Promise((resolve) => { setTimeout(resolve, DRAIN_MS); });
  endpoint.closeAll();
}

async function withinStop(steps: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GridError("unavailable",
      `Cannot write all that is open within ${STOP_WITHIN_MS / 1000} s: the disk is full or does not answer. Nothing that was acknowledged is lost; free some space and start the hub again.`,
    )), STOP_WITHIN_MS);
  });
  try {
    await Promise.race([steps(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Between listening and the last job taken up again. */
function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { "Retry-After": "1", "Content-Type": "text/plain" }).end("The hub starts: try again in a moment.\n");
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new GridError("unavailable", listenProblem(error, host, port), { cause: error })));
    server.listen(port, host, () => resolve());
  });
}

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE": return `Cannot listen at ${host}:${port}: another program uses this port. Choose another by --port, or stop that program.`;
    case "EACCES": return `Cannot listen at ${host}:${port}: this user may not use this port. Choose one above 1023 by --port.`;
    case "EADDRNOTAVAIL": case "ENOTFOUND": return `Cannot listen at ${host}: this machine has no such address. Choose another by --host.`;
    default: return `Cannot listen at ${host}:${port}: ${error.message}`;
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the hub's port: it does not listen at one");
  return address;
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
