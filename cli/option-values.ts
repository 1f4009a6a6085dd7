import { InvalidArgumentError } from "commander";
import { CAPABILITIES, type Capability } from "../protocol/capabilities.ts";
import { SCOPES, type Scope } from "../protocol/http/accounts-tokens.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Json } from "../protocol/value-json.ts";
import { jsonSchema } from "../sdk/json.ts";

const DAY_MS = 86_400_000;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** "a..b": a is in, b is not. */
export function parseRange(text: string): Range {
  const match = /^(-?\d+(?:_\d+)*)\.\.(-?\d+(?:_\d+)*)$/.exec(text);
  if (match === null) throw new InvalidArgumentError("It is two whole numbers with two dots between them, for example 1..1000.");
  const [start = 0, end = 0] = match.slice(1).map((part) => Number(part.replaceAll("_", "")));
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) throw new InvalidArgumentError("Its numbers are past what a number can hold exactly.");
  if (end <= start) throw new InvalidArgumentError(`It is empty: the end is not in the range, so it must be more than ${start}.`);
  if (end - start > LIMITS.jobTasks) throw new InvalidArgumentError(`It has ${end - start} inputs; a job has at most ${LIMITS.jobTasks}.`);
  return { start, end };
}

export function parseJson(text: string): Json {
  try {
    return jsonSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function parseSlots(text: string): number {
  return parseInteger("It", 1, LIMITS.slots)(text);
}

export function parseInteger(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`${what} is a whole number from ${least} to ${most}.`);
    return value;
  };
}

export function collectCapability(text: string, earlier: readonly Capability[]): readonly Capability[] {
  const capability = CAPABILITIES.find((known) => known === text);
  if (capability === undefined) throw new InvalidArgumentError(`It is one of ${CAPABILITIES.join(", ")}.`);
  return [...earlier, capability];
}

export function collectScope(text: string, earlier: readonly Scope[]): readonly Scope[] {
  const scope = SCOPES.find((known) => known === text);
  if (scope === undefined) throw new InvalidArgumentError(`It is one of ${SCOPES.join(", ")}.`);
  return [...earlier, scope];
}

/** How long a token is good, in days; null: for ever. */
export function parseDays(text: string): number | null {
  return text === "never" ? null : parseInteger("A life that is not never", 1, LIMITS.tokenLifeMs / DAY_MS)(text);
}

export function parseHubUrl(text: string): string {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) throw new InvalidArgumentError("It is the address of a hub, for example http://127.0.0.1:8080.");
  return url.origin;
}

export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
