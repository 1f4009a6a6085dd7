import * as Comlink from "comlink";
import * as z from "zod/mini";
import { ComputeLink } from "./compute-link.ts";
import type { LinkApi } from "./link-api.ts";

// The link worker's script: no timer of a hidden page stands between a Compute Server and its hub.

// The page's policy forbids making code from text, which zod would try for speed.
z.config({ jitless: true });

class LinkWorker implements LinkApi {
  #link: ComputeLink | null = null;

  start(...[options, host]: Parameters<LinkApi["start"]>): void {
    this.#link = new ComputeLink(options, host);
    this.#link.start();
  }

  setSlots(slots: number): void {
    this.#link?.setSlots(slots);
  }

  setCpuShare(share: number): void {
    this.#link?.setCpuShare(share);
  }

  async executableSource(executableId: string): Promise<string> {
    if (this.#link === null) throw new Error("Cannot read the code: this tab does not compute yet");
    return this.#link.executableSource(executableId);
  }

  async stop(): Promise<void> {
    await this.#link?.stop();
  }
}

Comlink.expose(new LinkWorker());
