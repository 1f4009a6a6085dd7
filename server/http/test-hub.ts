import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { submittedSchema } from "../../protocol/http/submission.ts";
import type { AccountId, JobId } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import { Accounts, type AccountsOptions } from "../accounts/accounts.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { AddressGuard } from "../address-guard.ts";
import { openSqliteArchive } from "../archive/sqlite/sqlite-archive.ts";
import { DiskSpace } from "../archive/disk-space.ts";
import { JOB_LIMITS, LOCAL_OWNER_LIMITS, type SetLimits } from "../limits.ts";
import { AssignedFiles } from "../compute-link/assigned-files.ts";
import { createMetrics } from "../metrics.ts";
import { createPictures } from "../results/pictures.ts";
import { createHttpApp, type HttpApp } from "./app.ts";
import { NO_PROXIES } from "./client-address.ts";
import type { HttpOptions } from "./http-options.ts";
import { TestGrid } from "./test-grid.ts";

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  json(): unknown;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** The real HTTP side of a hub on a real archive, with a grid that a test plays itself. */
export class TestHub {
  readonly archive: ResultsArchive;
  /** Null unless it was started with some. */
  readonly accounts: Accounts | null;
  readonly assignedFiles: AssignedFiles;
  /** Accounts whose links were to be cut. */
  readonly changedAccounts: AccountId[];
  readonly grid: TestGrid;
  readonly http: HttpApp;
  readonly port: number;
  readonly folder: string;
  readonly #stop: () => Promise<void>;

  private constructor(parts: Pick<TestHub, "accounts" | "assignedFiles" | "changedAccounts" | "archive" | "grid" | "http" | "port" | "folder">, stop: () => Promise<void>) {
    this.archive = parts.archive;
    this.accounts = parts.accounts;
    this.assignedFiles = parts.assignedFiles;
    this.changedAccounts = parts.changedAccounts;
    this.grid = parts.grid;
    this.http = parts.http;
    this.port = parts.port;
    this.folder = parts.folder;
    this.#stop = stop;
  }

  static async start(options: Partial<HttpOptions> = {}, limits: SetLimits = {}, withAccounts: AccountsOptions | null = null, minFreeBytes = 0): Promise<TestHub> {
    const folder = await mkdtemp(join(tmpdir(), "manyhands-http-"));
    const logger = pino({ level: "silent" });
    const archive = await openSqliteArchive({ dataDir: join(folder, "data"), logger });
    const grid = new TestGrid(archive);
    const accounts = withAccounts === null ? null : await Accounts.open(archive.accounts, withAccounts);
    const assignedFiles = new AssignedFiles();
    const changedAccounts: AccountId[] = [];
    const pictures = createPictures({ archive, onChange: grid.onChange.bind(grid), dataDir: join(folder, "data"), logger });
    const built = { client: join(folder, "client"), sandboxFrame: join(folder, "frame.html"), version: "1.2.3" };
    await mkdir(join(built.client, "assets"), { recursive: true });
    await writeFile(built.sandboxFrame, "<!doctype html><script>\"use strict\";</script>");
    const disk = await DiskSpace.watch(folder, minFreeBytes, logger);
    const http = createHttpApp({
      accounts, archive, assignedFiles, grid, logger, pictures, metrics: createMetrics(),
      guard: new AddressGuard(limits, () => undefined), disk, allowedPerTask: { ...JOB_LIMITS, ...limits }, ownerLimits: { ...LOCAL_OWNER_LIMITS, ...limits },
      onAccountChanged: (accountId) => changedAccounts.push(accountId),
      options: { host: "127.0.0.1", publicUrl: null, allowedHosts: [], trustProxy: NO_PROXIES, sandboxOrigin: null, policy: "least-expected-finish", verification: "first", mail: false, keepDays: null, keepLonger: true, ...options },
    }, built);
    const server = createServer(http.app);
    await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot tell the port of the test hub");
    return new TestHub({ accounts, assignedFiles, changedAccounts, archive, grid, http, port: address.port, folder }, async () => {
      http.close();
      disk.close();
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      await pictures.close();
      await archive.close();
      await rm(folder, { recursive: true });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    await this.#stop();
  }

  /** A request whose headers, Host too, are what the test says. */
  ask(path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port: this.port, path, method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, bytes, json: () => JSON.parse(text) });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return this.ask(path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
  }

  /** Submits a job of these inputs and answers its id. */
  async submit(inputs: unknown, more: object = {}): Promise<JobId> {
    const answer = await this.post("/api/jobs", { name: "test job", executable: { source: "export default (n) => n" }, inputs, ...more });
    if (answer.status !== 202) throw new Error(`Cannot submit the test's job: ${answer.text}`);
    return submittedSchema.parse(answer.json()).jobId;
  }

  /** Stores outputs from this index on, and tells of them as the grid does. */
  async finish(jobId: JobId, from: number, outputs: readonly unknown[]): Promise<void> {
    const range = [from, from + outputs.length] as const;
    await this.archive.saveResults(jobId, { range, packed: packValues(outputs.map(encodeValue)), large: [] });
    this.grid.tell(jobId, { type: "results", ranges: [range] });
  }

  async fail(jobId: JobId, index: number, message: string): Promise<void> {
    await this.archive.saveFailure({ jobId, index, message, stack: `Error: ${message}\n    at task`, attempts: 3, atMs: Date.now() });
    this.grid.tell(jobId, { type: "failures" });
  }
}
