import * as z from "zod/mini";
import type { ResumeIdentity } from "../link/link-api.ts";

const KEY = "manyhands-compute-server";
const RELOADED_KEY = "manyhands-reloaded";

const rememberedSchema = z.object({ hubUrl: z.string(), computeServerId: z.string(), resumeToken: z.string() });

/** Who this tab is to its hub, kept over a reload of the page, and no longer than the tab. */
export class ResumeMemory {
  readonly #hubUrl: string;
  #identity: ResumeIdentity | null;

  constructor(hubUrl: string) {
    this.#hubUrl = hubUrl;
    this.#identity = this.#read();
  }

  get identity(): ResumeIdentity | null {
    return this.#identity;
  }

  remember(identity: ResumeIdentity | null): void {
    this.#identity = identity;
    if (identity === null) return sessionStorage.removeItem(KEY);
    sessionStorage.setItem(KEY, JSON.stringify({ hubUrl: this.#hubUrl, ...identity }));
    sessionStorage.removeItem(RELOADED_KEY); // the page fits its hub
  }

  /** Answers whether this is the first reload since the page last fitted its hub. */
  mayReload(): boolean {
    if (sessionStorage.getItem(RELOADED_KEY) !== null) return false;
    sessionStorage.setItem(RELOADED_KEY, "1");
    return true;
  }

  #read(): ResumeIdentity | null {
    const text = sessionStorage.getItem(KEY);
    if (text === null) return null;
    try {
      const { hubUrl, ...identity } = rememberedSchema.parse(JSON.parse(text));
      return hubUrl === this.#hubUrl ? identity : null;
    } catch (error) {
      console.warn("Cannot read who this tab was; it registers anew:", error);
      return null;
    }
  }
}
