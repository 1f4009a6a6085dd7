import * as Comlink from "comlink";
import type { SupervisorApi } from "../supervisor/slot-control.ts";

/** The frame must have loaded by then; a page of the hub itself takes milliseconds. */
const FRAME_TIMEOUT_MS = 20_000;

export interface SandboxPlace {
  /** Template of the sandbox's origin with "*" for a random label, or null for the hub's own host. */
  readonly sandboxOrigin: string | null;
  readonly hubUrl: string;
}

/** A hidden frame with its slot, and its supervisor: what is removed together. */
export interface SlotFrame {
  /** To the supervisor. */
  readonly control: MessagePort;
  remove(): void;
}

/** Where a new sandbox is loaded from: an origin that nothing else ever had. */
export function sandboxUrl({ sandboxOrigin, hubUrl }: SandboxPlace): string {
  if (sandboxOrigin === null) return `${hubUrl}/sandbox/frame.html`;
  const label = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("");
  return `${sandboxOrigin.replace("*", `s${label}`)}/sandbox/frame.html`;
}

/**
 * Makes a slot sandbox: frame, supervisor and the ports between them, of which the page keeps none that leads to job code.
 * Rejects when the frame does not load, or when the signal aborts first: then nothing of it is left.
 */
export async function openSlotFrame(place: SandboxPlace, signal?: AbortSignal): Promise<SlotFrame> {
  const frame = hiddenFrame(place);
  const supervisor = new Worker(new URL("../supervisor/supervisor-worker.ts", import.meta.url), { type: "module", name: "manyhands supervisor" });
  const remove = () => {
    frame.remove();
    supervisor.terminate();
  };
  signal?.addEventListener("abort", remove, { once: true });
  try {
    const target = await Promise.race([loaded(frame), aborted(signal)]);
    const slot = new MessageChannel();
    const heartbeat = new MessageChannel();
    const control = new MessageChannel();
    target.postMessage(null, "*", [slot.port2, heartbeat.port2]); // its origin is opaque: it has no name to aim at
    const ports = { slot: slot.port1, heartbeat: heartbeat.port1, control: control.port1 };
    const connected = Comlink.wrap<SupervisorApi>(supervisor).connect(Comlink.transfer(ports, Object.values(ports)));
    await Promise.race([connected, failed(supervisor), aborted(signal)]);
    return { control: control.port2, remove };
  } catch (error) {
    remove();
    throw error;
  } finally {
    signal?.removeEventListener("abort", remove);
  }
}

function hiddenFrame(place: SandboxPlace): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.allow = "";
  frame.referrerPolicy = "no-referrer";
  frame.hidden = true;
  frame.tabIndex = -1;
  frame.ariaHidden = "true";
  frame.title = "Sandbox of a slot";
  frame.src = sandboxUrl(place);
  return frame;
}

function loaded(frame: HTMLIFrameElement): Promise<Window> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Cannot start the sandbox: ${frame.src} did not load in ${FRAME_TIMEOUT_MS / 1000} s`)), FRAME_TIMEOUT_MS);
    frame.addEventListener("load", () => {
      clearTimeout(timer);
      if (frame.contentWindow === null) reject(new Error("Cannot start the sandbox: its frame was removed"));
      else resolve(frame.contentWindow);
    }, { once: true });
    document.body.append(frame);
  });
}

function failed(worker: Worker): Promise<never> {
  return new Promise((_resolve, reject) => {
    worker.addEventListener("error", ({ message }) => reject(new Error(`Cannot start a supervisor: ${message || "its script did not load"}`)), { once: true });
  });
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(new Error("Cannot open a sandbox: the Compute Server has stopped"));
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  });
}
