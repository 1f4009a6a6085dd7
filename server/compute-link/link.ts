import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { decodeUp, encodeDown } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import { GridError } from "../../protocol/grid-error.ts";
import type { ComputeServerId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Up } from "../../protocol/up.ts";
import type { Register } from "../../protocol/up/register.ts";
import type { Link } from "./compute-links.ts";
import { LINK_LIMITS } from "./link-limits.ts";

/** What a link hands on. */
export interface LinkOwner {
  /** Settles when the Compute Server may be told that it is registered, with its id. Throws GridError to refuse it. */
  register(link: ComputeLink, message: Register): Promise<ComputeServerId>;
  message(computeServerId: ComputeServerId, message: Exclude<Up, Register>, link: ComputeLink): Promise<void>;
  closed(link: ComputeLink, computeServerId: ComputeServerId | undefined): void;
  /** At once when the socket is gone, also while frames that came before are still taken in. */
  disconnected(link: ComputeLink, code: number): void;
  frameReceived(): void;
}

/**
 * One Compute Server's WebSocket. Frames are taken in one after the other; whatever breaks a schema or a limit closes
 * the link with a stated code, and that is all that it does (R9). Thousands of links are open and idle: what only a busy
 * one needs is made when it is busy, and `once` is not used because its wrapper weighs more than its handler.
 */
export class ComputeLink implements Link {
  readonly #socket: WebSocket;
  readonly #owner: LinkOwner;
  readonly #logger: Logger;
  /** The part of an address that the peer holds (networkOf). */
  readonly address: string;
  #computeServerId: ComputeServerId | undefined;
  #state: "new" | "registering" | "registered" | "closed" = "new";
  /** Settles when all frames that came are taken in; null when that is so. */
  #turn: Promise<void> | null = null;
  #waitingFrames = 0;
  #waitingBytes = 0;
  /** Closed from this side: whatever else comes is not taken in. */
  #refused = false;
  #onRoom: (() => void)[] | null = null;
  #allowance: number = LINK_LIMITS.framesBurst;
  /** In whole milliseconds: a fraction would be a heap object in every link. */
  #allowanceAtMs = Math.floor(performance.now());
  #deadline: NodeJS.Timeout | null;

  constructor(socket: WebSocket, address: string, owner: LinkOwner, logger: Logger) {
    this.#socket = socket;
    this.address = address;
    this.#owner = owner;
    this.#logger = logger;
    this.#deadline = setTimeout(() => this.close(CLOSE_CODES.malformed, "Cannot wait any longer: no register came"), LINK_LIMITS.registerWithinMs);
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("ping", (data) => this.#pong(data));
    socket.on("error", (error) => this.#logger.debug({ err: error }, "a link failed"));
    socket.on("close", (code) => this.#closed(code));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: Down): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > LINK_LIMITS.sendBufferBytes) {
      return this.close(CLOSE_CODES.tooLarge, "Cannot send: this Compute Server reads too slowly");
    }
    this.#socket.send(encodeDown(message), () => {
      if (!this.#isCrowded()) this.#giveRoom();
    });
  }

  room(): Promise<void> {
    if (!this.isOpen || !this.#isCrowded()) return Promise.resolve();
    return new Promise((resolve) => { (this.#onRoom ??= []).push(resolve); });
  }

  close(code: number, reason: string): void {
    if (this.#refused || this.#state === "closed") return;
    this.#refused = true;
    this.#logger.debug({ code, reason, computeServerId: this.#computeServerId }, "closing a link");
    this.#socket.close(code, closeReason(reason));
    // A peer that never answers the close handshake is cut off.
    setTimeout(() => this.#socket.terminate(), LINK_LIMITS.closeWithinMs).unref();
  }

  /** Refuses with words that the volunteer can read, then closes. */
  refuse(code: number, reason: string, reload = false): void {
    this.send({ type: "refuse", reason: reason.slice(0, LIMITS.errorMessageChars), reload });
    this.close(code, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#owner.frameReceived();
    if (this.#refused) return;
    if (!isBinary || !(data instanceof Buffer)) return this.close(CLOSE_CODES.malformed, "Cannot read this frame: it is not binary");
    if (!this.#withinRate()) return this.#tooMany();
    let message: Up;
    try {
      // A view that is no Buffer, so that binaries inside the message are plain Uint8Arrays.
      message = decodeUp(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    } catch (error) {
      return this.fail(error);
    }
    const bytes = data.byteLength;
    this.#waitingFrames++;
    this.#waitingBytes += bytes;
    if (this.#mustWait()) this.#socket.pause();
    this.#inTurn(async () => {
      try {
        await this.#take(message);
      } catch (error) {
        this.fail(error);
      }
      this.#waitingFrames--;
      this.#waitingBytes -= bytes;
      if (this.#socket.isPaused && !this.#mustWait()) this.#socket.resume();
    });
  }

  #closed(code: number): void {
    this.#endWait();
    this.#giveRoom();
    this.#owner.disconnected(this, code);
    // Behind what came before it: a tab that stops sends its last results, unregisters and closes.
    this.#inTurn(() => {
      this.#state = "closed";
      this.#owner.closed(this, this.#computeServerId);
    });
  }

  /** Nobody waits for the register any more. */
  #endWait(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }

  #inTurn(step: () => void | Promise<void>): void {
    const turn = (this.#turn ?? Promise.resolve()).then(step).then(() => {
      if (this.#turn === turn) this.#turn = null;
    });
    this.#turn = turn;
  }

  #mustWait(): boolean {
    return this.#waitingFrames >= LINK_LIMITS.waitingFrames || this.#waitingBytes >= LINK_LIMITS.waitingBytes;
  }

  /** Answers pings only as fast as the peer reads and frames may come: ws would queue an answer to each. */
  #pong(data: Buffer): void {
    if (this.#refused) return;
    if (!this.#withinRate()) return this.#tooMany();
    if (this.isOpen && !this.#isCrowded()) this.#socket.pong(data);
  }

  #tooMany(): void {
    this.close(CLOSE_CODES.tooMany, `Cannot take more than ${LINK_LIMITS.framesPerSecond} frames a second`);
  }

  #isCrowded(): boolean {
    return this.#socket.bufferedAmount > LINK_LIMITS.sendAheadBytes;
  }

  #giveRoom(): void {
    const waiting = this.#onRoom;
    this.#onRoom = null;
    for (const resolve of waiting ?? []) resolve();
  }

  async #take(message: Up): Promise<void> {
    if (this.#refused) return;
    if (message.type === "register") {
      if (this.#state !== "new") throw new GridError("malformed", "Cannot register twice on one link");
      this.#state = "registering";
      this.#endWait();
      this.#computeServerId = await this.#owner.register(this, message);
      this.#state = "registered";
      return;
    }
    if (this.#computeServerId === undefined) throw new GridError("malformed", `Cannot take "${message.type}" before a register`);
    await this.#owner.message(this.#computeServerId, message, this);
  }

  /** Closes with the code that tells what was wrong. */
  fail(error: unknown): void {
    if (!(error instanceof GridError)) {
      this.#logger.error({ err: error }, "a frame could not be handled");
      return this.close(1011, "Cannot go on: the hub failed at this frame");
    }
    switch (error.kind) {
      case "too-large": return this.close(CLOSE_CODES.tooLarge, error.message);
      case "unsupported-version": return this.refuse(CLOSE_CODES.unsupportedVersion, error.message, true);
      case "conflict": return this.refuse(CLOSE_CODES.forbidden, error.message);
      case "unavailable": return this.refuse(CLOSE_CODES.tooMany, error.message);
      default: return this.close(CLOSE_CODES.malformed, error.message);
    }
  }

  /** A token bucket over frames; they are counted on a clock that never jumps. */
  #withinRate(): boolean {
    const nowMs = Math.floor(performance.now());
    const earned = ((nowMs - this.#allowanceAtMs) * LINK_LIMITS.framesPerSecond) / 1000;
    this.#allowance = Math.min(LINK_LIMITS.framesBurst, this.#allowance + earned) - 1;
    this.#allowanceAtMs = nowMs;
    return this.#allowance >= 0;
  }
}

/** As much of it as a close frame carries. */
function closeReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(LINK_LIMITS.closeReasonBytes));
  return reason.slice(0, read);
}
