import * as z from "zod/mini";
import { blobIdSchema, type BlobId, type ExecutableId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { ResumeIdentity } from "./link-api.ts";

/** Executables and large inputs kept for the next batch. */
const CACHE_BYTES = 128 * 1024 * 1024;
const TRIES = 4;
const RETRY_MS = 500;
const REQUEST_TIMEOUT_MS = 60_000;

const savedSchema = z.object({ blobId: blobIdSchema });

/** The hub answered, and will answer the same again. */
export class HubFileError extends Error {
  override readonly name = "HubFileError";
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Executables and large values, over HTTP beside the link. What is fetched is kept by its id. */
export class HubFiles {
  readonly #hubUrl: string;
  readonly #identity: () => ResumeIdentity | null;
  readonly #cache = new Map<string, Uint8Array>();
  readonly #pending = new Map<string, Promise<Uint8Array>>();
  #cachedBytes = 0;

  constructor(hubUrl: string, identity: () => ResumeIdentity | null) {
    this.#hubUrl = hubUrl;
    this.#identity = identity;
  }

  executable(id: ExecutableId): Promise<Uint8Array> {
    return this.#fetched(`/compute/executables/${id}`, LIMITS.executableBytes);
  }

  blob(id: BlobId): Promise<Uint8Array> {
    return this.#fetched(`/compute/blobs/${id}`, LIMITS.valueBytes);
  }

  /** Stores a large output. Rejects when the hub does not take it, after some tries. */
  async save(bytes: Uint8Array): Promise<BlobId> {
    const response = await this.#request("/compute/blobs", () => ({
      method: "POST", body: new Uint8Array(bytes), headers: { "content-type": "application/octet-stream", ...this.#mustProve() },
    }));
    return savedSchema.parse(await response.json()).blobId;
  }

  #mustProve(): Record<string, string> {
    const proof = this.#proof();
    if (proof === null) throw new HubFileError("Cannot store an output: this Compute Server is not registered", 0);
    return proof;
  }

  #proof(): Record<string, string> | null {
    const identity = this.#identity();
    return identity === null ? null : { "x-compute-server": identity.computeServerId, authorization: `Bearer ${identity.resumeToken}` };
  }

  #fetched(path: string, maxBytes: number): Promise<Uint8Array> {
    const cached = this.#cache.get(path);
    if (cached !== undefined) {
      this.#cache.delete(path); // and in again, as the one used last
      this.#cache.set(path, cached);
      return Promise.resolve(cached);
    }
    const pending = this.#pending.get(path) ?? this.#fetch(path, maxBytes).finally(() => this.#pending.delete(path));
    this.#pending.set(path, pending);
    return pending;
  }

  async #fetch(path: string, maxBytes: number): Promise<Uint8Array> {
    // The hub shows a file to who was assigned a task of it, and to nobody else.
    const response = await this.#request(path, () => ({ headers: this.#proof() ?? {} }));
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.byteLength > maxBytes) throw new HubFileError(`Cannot use ${path}: it is ${bytes.byteLength} bytes, the limit is ${maxBytes}`, 413);
    this.#cache.set(path, bytes);
    this.#cachedBytes += bytes.byteLength;
    for (const [oldest, { byteLength }] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === path) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= byteLength;
    }
    return bytes;
  }

  async #request(path: string, init: () => RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(this.#hubUrl + path, { ...init(), credentials: "omit", signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
        if (response.ok) return response;
        const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
        if (!mayPass || attempt >= TRIES) throw new HubFileError(`Cannot get ${path}: the hub answered ${response.status}`, response.status);
      } catch (error) {
        if (error instanceof HubFileError || attempt >= TRIES) throw error;
      }
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS * 2 ** (attempt - 1)); });
    }
  }
}
