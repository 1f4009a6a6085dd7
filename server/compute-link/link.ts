import type { Socket } from "node:net";
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
import { LINK_LIMITS } from "../limits.ts";
import type { Link } from "./compute-links.ts";
import type { FrameSource, FrameTurns } from "./frame-turns.ts";

/** What a link hands on. */
export interface LinkOwner {
  /** Settles when the Compute Server may be told that it is registered, with its id. Throws GridError to refuse it. */
  register(link: ComputeLink, message: Register): Promise<ComputeServerId>;
  message(computeServerId: ComputeServerId, message: Exclude<Up, Register>, link: ComputeLink): Promise<void>;
  closed(link: ComputeLink, computeServerId: ComputeServerId | undefined): void;
  /** At once when the socket is gone, also while frames that came before are still taken in. */
  disconnected(link: ComputeLink, code: number): void;
  frameReceived(): void;
  /** It is closed for that. */
  limitPassed(limit: keyof typeof LINK_LIMITS): void;
}

/** The other end of a link, as the hub sees it. */
export interface LinkPeer {
  /** The part of its address that it holds (networkOf). */
  readonly network: string;
  /** What the WebSocket is spoken over. */
  readonly connection: Socket;
}

/**
 * One Compute Server's WebSocket. Frames are taken in one after the other; whatever breaks a schema or a limit closes
 * the link with a stated code, and that is all that it does (R9). Thousands of links are open and idle: what only a busy
 * one needs is made when it is busy, and `once` is not used because its wrapper weighs more than its handler.
 */
export class ComputeLink implements Link, FrameSource {
  readonly #socket: WebSocket;
  readonly #owner: LinkOwner;
  readonly #logger: Logger;
  readonly #turns: FrameTurns;
  readonly peer: LinkPeer;
  #computeServerId: ComputeServerId | undefined;
  #state: "new" | "registering" | "registered" | "closed" = "new";
  /** Frames that came and are not begun; null when there are none. */
  #frames: Buffer[] | null = null;
  #waitingFrames = 0;
  #waitingBytes = 0;
  /** A frame is being handled. */
  #busy = false;
  /** The socket is gone: what came before it is still taken in. */
  #gone = false;
  /** Messages of outcomes that are not acknowledged. */
  unacknowledged = 0;
  /** Closed from this side: whatever else comes is not taken in. */
  #refused = false;
  #onRoom: (() => void)[] | null = null;
  #allowance: number = LINK_LIMITS.framesBurst;
  /** In whole milliseconds: a fraction would be a heap object in every link. */
  #allowanceAtMs = Math.floor(performance.now());
  #deadline: NodeJS.Timeout | null;
  /** Bytes that had come when the last frame ended. */
  #readAtFrame = 0;
  /** Bytes that the peer's side had taken at the last look, and since when nothing more; null while nothing waits for it. */
  #takenBytes = 0;
  #untakenSinceMs: number | null = null;
  /** Since when bytes of a frame that has not ended are here; null while there are none. */
  #unfinishedSinceMs: number | null = null;

  constructor(socket: WebSocket, peer: LinkPeer, turns: FrameTurns, owner: LinkOwner, logger: Logger) {
    this.#socket = socket;
    this.peer = peer;
    this.#readAtFrame = peer.connection.bytesRead;
    this.#turns = turns;
    this.#owner = owner;
    this.#logger = logger;
    this.#deadline = setTimeout(() => {
      this.#owner.limitPassed("registerWithinMs");
      this.close(CLOSE_CODES.malformed, "Cannot wait any longer: no register came");
    }, LINK_LIMITS.registerWithinMs);
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
      this.#owner.limitPassed("sendBufferBytes");
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
    this.#frameEnded();
    if (this.#refused) return;
    if (!isBinary || !(data instanceof Buffer)) return this.close(CLOSE_CODES.malformed, "Cannot read this frame: it is not binary");
    if (!this.#withinRate()) return this.#tooMany();
    (this.#frames ??= []).push(data);
    this.#waitingFrames++;
    this.#waitingBytes += data.byteLength;
    this.#turns.waitingBytes += data.byteLength;
    if (this.#mustWait()) this.#socket.pause();
    if (!this.#busy) this.#turns.add(this);
  }

  takeNext(): void {
    const frame = this.#frames?.shift();
    if (frame === undefined) return this.#afterFrame();
    this.#busy = true;
    this.#handle(frame).catch((error: unknown) => this.fail(error)).finally(() => {
      this.#busy = false;
      this.#waitingFrames--;
      this.#waitingBytes -= frame.byteLength;
      this.#turns.waitingBytes -= frame.byteLength;
      this.#afterFrame();
    });
  }

  async #handle(frame: Buffer): Promise<void> {
    if (this.#refused) return;
    // A view that is no Buffer, so that binaries inside the message are plain Uint8Arrays.
    await this.#take(decodeUp(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)));
  }

  #afterFrame(): void {
    if (this.#frames?.length === 0) this.#frames = null;
    if (this.#frames !== null) return this.#turns.add(this);
    if (this.#gone) return this.#end();
    if (this.#socket.isPaused && !this.#mustWait()) this.#socket.resume();
  }

  /** Behind what came before it: a tab that stops sends its last results, unregisters and closes. */
  #end(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#owner.closed(this, this.#computeServerId);
  }

  #closed(code: number): void {
    this.#endWait();
    this.#giveRoom();
    this.#owner.disconnected(this, code);
    this.#gone = true;
    if (!this.#busy) this.#turns.add(this);
  }

  /** Nobody waits for the register any more. */
  #endWait(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
  }

  #mustWait(): boolean {
    if (this.#waitingFrames >= LINK_LIMITS.waitingFrames || this.#waitingBytes >= LINK_LIMITS.waitingBytes) return true;
    return this.#waitingFrames > 0 && this.#turns.waitingBytes >= LINK_LIMITS.waitingBytesOfAll;
  }

  /** Whether the hub itself keeps this link from being read: its silence says nothing about the Compute Server. */
  get isHeldBack(): boolean {
    return this.isOpen && this.#socket.isPaused;
  }

  get computeServerId(): ComputeServerId | undefined {
    return this.#computeServerId;
  }

  /** Bytes of a frame that has begun and not ended. */
  get unfinishedBytes(): number {
    return this.isHeldBack ? 0 : this.peer.connection.bytesRead - this.#readAtFrame;
  }

  /** Looked at every second or so: a peer that takes nothing, or never ends a frame, is cut off. */
  look(nowMs: number): void {
    const { connection } = this.peer;
    const takenBytes = connection.bytesWritten - connection.writableLength;
    if (connection.writableLength === 0 || takenBytes !== this.#takenBytes) this.#untakenSinceMs = null;
    else this.#untakenSinceMs ??= nowMs;
    this.#takenBytes = takenBytes;
    if (this.unfinishedBytes === 0) this.#unfinishedSinceMs = null;
    else this.#unfinishedSinceMs ??= nowMs;
    if (this.#untakenSinceMs !== null && nowMs - this.#untakenSinceMs >= LINK_LIMITS.unreadMs) {
      // A close frame would only wait behind the rest.
      this.#owner.limitPassed("unreadMs");
      return this.#socket.terminate();
    }
    if (this.#unfinishedSinceMs !== null && nowMs - this.#unfinishedSinceMs >= LINK_LIMITS.frameWithinMs) {
      this.#owner.limitPassed("frameWithinMs");
      this.close(CLOSE_CODES.tooLarge, `Cannot wait any longer: a frame has not ended within ${LINK_LIMITS.frameWithinMs / 1000} s`);
    }
  }

  #frameEnded(): void {
    this.#readAtFrame = this.peer.connection.bytesRead;
    this.#unfinishedSinceMs = null;
  }

  /** Answers pings only as fast as the peer reads and frames may come: ws would queue an answer to each. */
  #pong(data: Buffer): void {
    this.#frameEnded();
    if (this.#refused) return;
    if (!this.#withinRate()) return this.#tooMany();
    if (this.isOpen && !this.#isCrowded()) this.#socket.pong(data);
  }

  #tooMany(): void {
    this.#owner.limitPassed("framesPerSecond");
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
      case "forbidden": return this.refuse(CLOSE_CODES.signIn, error.message);
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
