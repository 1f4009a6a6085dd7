import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer, type WebSocket } from "ws";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { GridError } from "../../protocol/grid-error.ts";
import { computeServerIdSchema, resumeTokenSchema, type AccountId, type ComputeServerId, type LoadBalancerId, type ResumeToken } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Up } from "../../protocol/up.ts";
import type { Register } from "../../protocol/up/register.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Command } from "../../scheduler/command.ts";
import { LINK_PROTOCOL } from "../accounts/credentials.ts";
import type { VolunteerWork } from "../accounts/volunteer-work.ts";
import type { Volunteer } from "../accounts/volunteers.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { isLoopback, type AddressGuard } from "../address-guard.ts";
import type { RunningGrid } from "../grid/running-grid.ts";
import { clientAddress, networkOf, type ProxyOptions } from "../http/client-address.ts";
import { LimitError } from "../limit-error.ts";
import { LINK_LIMITS } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import type { AssignedFiles } from "./assigned-files.ts";
import type { ComputeLinks } from "./compute-links.ts";
import { ComputeLink, type LinkOwner, type LinkPeer } from "./link.ts";
import { watchLinks } from "./watch-links.ts";
import { FrameTurns } from "./frame-turns.ts";

const HEARTBEATS_A_LEASE = 3;
const LONGEST_HEARTBEAT_MS = 20_000;
const RETRY_UPGRADE_SECONDS = 10;

export interface ComputeEndpointParts extends ProxyOptions {
  readonly archive: ResultsArchive;
  readonly grid: RunningGrid;
  readonly links: ComputeLinks;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly assignedFiles: AssignedFiles;
  /** Who opens a link. Throws GridError "forbidden" with words for who may not. */
  readonly volunteer: (request: IncomingMessage) => Promise<Volunteer>;
  /** Told which Compute Servers are signed-in volunteers'. */
  readonly work: Pick<VolunteerWork, "registered" | "leaving">;
  /** Whether a page of this origin may open a link, asked under this Host. */
  readonly isAllowedOrigin: (request: IncomingMessage) => boolean;
  readonly guard: AddressGuard;
}

/** `GET /compute`: where Compute Servers connect. Knows who they are; what they do is the grid's. */
export class ComputeEndpoint implements LinkOwner {
  readonly #parts: ComputeEndpointParts;
  readonly #server = new WebSocketServer({
    noServer: true, perMessageDeflate: false, maxPayload: LIMITS.frameBytes, clientTracking: false, autoPong: false,
    // What stands behind it is a token, which is not to be said back.
    handleProtocols: (protocols) => (protocols.has(LINK_PROTOCOL) ? LINK_PROTOCOL : false),
  });
  readonly #turns = new FrameTurns();
  readonly #watch: NodeJS.Timeout;
  /** Tokens of those that are registering now, until their lease is granted. */
  readonly #tokens = new Map<ComputeServerId, ResumeToken>();
  /** All that are open, registered or not. */
  readonly #open = new Set<ComputeLink>();
  /** Whose they are. */
  readonly #volunteers = new WeakMap<ComputeLink, Promise<Volunteer | GridError>>();
  #draining = false;

  constructor(parts: ComputeEndpointParts) {
    this.#parts = parts;
    this.#watch = watchLinks(this.#open, parts.grid, (limit) => this.limitPassed(limit));
  }

  /** Takes over an HTTP upgrade to `/compute`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = URL.parse(request.url ?? "/", "http://hub");
    if (url === null || url.pathname !== "/compute") return rejectUpgrade(socket, "404 Not Found");
    if (!this.#parts.isAllowedOrigin(request)) return rejectUpgrade(socket, "403 Forbidden");
    if (this.#draining) return rejectUpgrade(socket, "503 Service Unavailable");
    if (this.#open.size >= LINK_LIMITS.links) {
      this.limitPassed("links");
      return rejectUpgrade(socket, "503 Service Unavailable");
    }
    const network = networkOf(clientAddress(request, this.#parts));
    const place = this.#parts.guard.enter("linksPerAddress", network);
    if (place === undefined || !(socket instanceof Socket)) return rejectUpgrade(socket, "429 Too Many Requests");
    socket.once("close", place.leave);
    const version = url.searchParams.get("version");
    const volunteer = this.#parts.volunteer(request).catch((error: unknown) => {
      if (error instanceof GridError) return error;
      this.#parts.logger.error({ err: error }, "cannot tell who opens a link");
      return new GridError("unavailable", "Cannot tell who you are now: come back in a moment");
    });
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#connect(webSocket, { network, connection: socket }, version, volunteer));
  }

  /** Tells every tab to come back after that time, and takes no new ones. */
  drain(retryAfterMs: number): void {
    this.#draining = true;
    for (const link of this.#parts.links.all()) link.send({ type: "drain", retryAfterMs });
  }

  closeAll(): void {
    clearInterval(this.#watch);
    for (const link of this.#open) link.close(CLOSE_CODES.goingAway, "The hub stops");
  }

  /** Cuts the links of an account whose rights, or sessions, changed: they come back as what they are now. */
  async cutAccount(accountId: AccountId): Promise<void> {
    for (const link of [...this.#open]) {
      const volunteer = await this.#volunteers.get(link);
      if (!(volunteer instanceof GridError) && volunteer?.accountId === accountId) link.close(CLOSE_CODES.goingAway, "Your account has changed");
    }
  }

  async register(link: ComputeLink, message: Register): Promise<ComputeServerId> {
    const { passed, limit, resetSeconds } = await this.#parts.guard.count("registrationsPerMinute", link.peer.network);
    if (passed) throw new LimitError("unavailable", "registrationsPerMinute", `Cannot register: there were ${limit} registrations from this address in a minute. Come back in ${resetSeconds} s.`);
    if (!this.#parts.grid.hasLoadBalancer) throw new GridError("unavailable", "Cannot register: no Load Balancer is registered with this hub. Come back later.");
    const volunteer = await this.#volunteers.get(link) ?? new GridError("unavailable", "Cannot register: the link is closed");
    if (volunteer instanceof GridError) throw volunteer;
    const { computeServerId, resumeToken } = message.resume === undefined ? await this.#enrol(message.name, volunteer) : await this.#recognise(message.resume, volunteer);
    // It may have gone while its registration was written: nothing shall be assigned to nobody.
    if (!link.isOpen) throw new GridError("unavailable", "Cannot register: the link is closed");
    // Leases that are over end while the links are those of old, not of who comes back now.
    this.#parts.grid.dispatch({ type: "tick" });
    const earlier = this.#parts.links.replace(computeServerId, link);
    earlier?.close(CLOSE_CODES.replaced, "This Compute Server opened another link");
    this.#tokens.set(computeServerId, resumeToken);
    const { name, engine, capabilities, memoryMiB = null, slots, leaseMs, holding } = message;
    this.#parts.grid.dispatch({
      type: "server-registered", computeServerId, name, engine, capabilities, memoryMiB, slots, leaseMs, holding,
      volunteer: volunteer.accountId ?? computeServerId, vouched: volunteer.vouched,
      // This machine's own address tells nobody apart: else every answer would wait for one from elsewhere.
      network: isLoopback(link.peer.network) ? computeServerId : link.peer.network,
    });
    if (volunteer.accountId !== null) this.#parts.work.registered(computeServerId, volunteer.accountId);
    return computeServerId;
  }

  /** Tells the tab that its registration was granted. */
  granted({ computeServerId, leaseMs, drop }: Extract<Command, { type: "grant-lease" }>, loadBalancerId: LoadBalancerId): void {
    const resumeToken = this.#tokens.get(computeServerId);
    if (resumeToken === undefined) return;
    this.#tokens.delete(computeServerId);
    const heartbeatMs = Math.max(1, Math.min(LONGEST_HEARTBEAT_MS, Math.floor(leaseMs / HEARTBEATS_A_LEASE)));
    this.#parts.links.get(computeServerId)?.send({
      type: "registered", computeServerId, resumeToken, loadBalancerId, heartbeatMs,
      leaseMs: Math.min(leaseMs, LIMITS.leaseMs), drop: [...drop],
    });
  }

  expired(computeServerId: ComputeServerId): void {
    this.#parts.logger.info({ computeServerId }, "the lease of a Compute Server ran out");
    this.#parts.assignedFiles.forget(computeServerId);
    this.#parts.links.get(computeServerId)?.close(CLOSE_CODES.leaseExpired, "The lease ran out without a sign of life: register anew");
  }

  async message(computeServerId: ComputeServerId, message: Exclude<Up, Register>, link: ComputeLink): Promise<void> {
    const { grid } = this.#parts;
    // Any frame renews the lease: the scheduler sees to it for outcomes and releases.
    switch (message.type) {
      case "renew":
        return grid.dispatch({ type: "server-renewed", computeServerId, slots: message.slots });
      case "outcomes": {
        const { onDisk } = await grid.report(computeServerId, message.reports);
        link.unacknowledged++;
        const acknowledged = onDisk.then(() => link.send({ type: "acknowledge", upTo: message.sequence }), (error: unknown) => link.fail(error))
          .finally(() => { link.unacknowledged--; });
        if (link.unacknowledged >= LINK_LIMITS.unacknowledgedOutcomes) await acknowledged;
        return;
      }
      case "progress":
        grid.dispatch({ type: "server-renewed", computeServerId });
        for (const { jobId, index, line } of message.logs) grid.log(jobId, index, line);
        return;
      case "release":
        return grid.dispatch({ type: "released", computeServerId, batchId: message.batchId, jobId: message.jobId, ranges: message.ranges });
      case "unregister":
        this.#parts.work.leaving(computeServerId);
        this.#parts.assignedFiles.forget(computeServerId);
        grid.dispatch({ type: "server-unregistered", computeServerId });
        this.#parts.links.remove(computeServerId, link);
        return link.close(1000, "Goodbye, and thank you");
    }
  }

  closed(link: ComputeLink, computeServerId: ComputeServerId | undefined): void {
    if (computeServerId === undefined || !this.#parts.links.remove(computeServerId, link)) return;
    this.#parts.work.leaving(computeServerId);
    this.#parts.grid.dispatch({ type: "server-disconnected", computeServerId });
  }

  disconnected(link: ComputeLink, code: number): void {
    this.#open.delete(link);
    this.#parts.metrics.linksClosed.inc({ code });
  }

  limitPassed(limit: string): void {
    this.#parts.metrics.refusals.inc({ limit });
  }

  frameReceived(): void {
    this.#parts.metrics.framesReceived.inc();
  }

  #connect(webSocket: WebSocket, peer: LinkPeer, version: string | null, volunteer: Promise<Volunteer | GridError>): void {
    const link = new ComputeLink(webSocket, peer, this.#turns, this, this.#parts.logger);
    this.#open.add(link);
    this.#volunteers.set(link, volunteer);
    if (version !== String(PROTOCOL_VERSION)) {
      link.refuse(CLOSE_CODES.unsupportedVersion, `Cannot talk to this page: it speaks version ${version?.slice(0, 20) ?? "none"}, the hub version ${PROTOCOL_VERSION}. Reload it.`, true);
    }
  }

  async #enrol(name: string, { accountId }: Volunteer): Promise<{ computeServerId: ComputeServerId; resumeToken: ResumeToken }> {
    const computeServerId = computeServerIdSchema.parse(randomBytes(12).toString("base64url"));
    const resumeToken = resumeTokenSchema.parse(randomBytes(32).toString("base64url"));
    await this.#parts.archive.saveComputeServer({ computeServerId, tokenHash: hashOf(resumeToken).toString("hex"), name, registeredAtMs: Date.now(), accountId });
    return { computeServerId, resumeToken };
  }

  async #recognise(resume: NonNullable<Register["resume"]>, { accountId }: Volunteer): Promise<{ computeServerId: ComputeServerId; resumeToken: ResumeToken }> {
    const stored = await this.#parts.archive.computeServer(resume.computeServerId);
    if (stored === undefined || !timingSafeEqual(Buffer.from(stored.tokenHash, "hex"), hashOf(resume.resumeToken))) {
      throw new GridError("conflict", "Cannot resume: this hub does not know the Compute Server by that token. Register anew.");
    }
    // Whoever has the token of another's tab gets neither its lease nor its credit, and what one does counts as one's own.
    if (stored.accountId !== accountId) {
      throw new GridError("conflict", "Cannot resume: this Compute Server registered under another account, or under none. Register anew.");
    }
    return resume;
  }
}

function hashOf(token: ResumeToken): Buffer {
  return createHash("sha256").update(token).digest();
}

function rejectUpgrade(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  // Destroyed once it is sent: a peer that does not close its side would keep the connection.
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nRetry-After: ${RETRY_UPGRADE_SECONDS}\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
