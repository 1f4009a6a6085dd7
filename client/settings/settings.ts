import * as z from "zod/mini";
import { LIMITS } from "../../protocol/limits.ts";

export const CPU_SHARE_MIN = 0.1;

// Named anew, because lint takes `z.catch` for a promise's.
const fallback = z.catch;

// A field that does not fit falls back alone: one broken value does not cost the volunteer the others.
export const settingsSchema = z.object({
  /** The name under which this tab registers; empty: one made from the browser's. */
  computeServerName: fallback(z.string().check(z.maxLength(LIMITS.nameMaxChars)), ""),
  /** Null: as many as the machine has cores, less one for its owner. */
  slots: fallback(z.nullable(z.int().check(z.minimum(1), z.maximum(LIMITS.slots))), null),
  cpuShare: fallback(z.number().check(z.minimum(CPU_SHARE_MIN), z.maximum(1)), 1),
  keepComputingInBackground: fallback(z.boolean(), false),
});
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});

/** Stored text as settings; what cannot be read is as if it had never been set. */
export function parseSettings(text: string | null): Settings {
  if (text === null) return DEFAULT_SETTINGS;
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** All cores but one, at least one. `hardwareConcurrency` can lie, so it is a start and no more. */
export function defaultSlots(hardwareConcurrency: number): number {
  return Math.min(LIMITS.slots, Math.max(1, Math.floor(hardwareConcurrency) - 1));
}

const BROWSERS = [["Firefox/", "Firefox"], ["Edg/", "Edge"], ["OPR/", "Opera"], ["Chrome/", "Chromium"], ["Safari/", "Safari"]] as const;
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"], ["Mac OS", "macOS"], ["Linux", "Linux"]] as const;

/** A name for a Compute Server whose owner gave none, for example "Firefox on Linux". */
export function suggestedName(userAgent: string): string {
  const find = (names: readonly (readonly [string, string])[]) => names.find(([part]) => userAgent.includes(part))?.[1];
  const system = find(SYSTEMS);
  return `${find(BROWSERS) ?? "A browser"}${system === undefined ? "" : ` on ${system}`}`;
}
