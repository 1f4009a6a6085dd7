import { LIMITS } from "../../protocol/limits.ts";

const ENGINES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["firefox", /Firefox\/(\d+)/],
  ["chromium", /(?:Headless)?Chrom(?:e|ium)\/(\d+)/],
  ["webkit", /Version\/(\d+).*Safari/],
  ["webkit", /AppleWebKit\/(\d+)/],
];

/** The engine and its major version, for example "chromium-156". */
export function engineName(userAgent: string): string {
  for (const [name, pattern] of ENGINES) {
    const match = pattern.exec(userAgent);
    if (match !== null) return `${name}-${match[1] ?? "0"}`.slice(0, LIMITS.capabilityChars);
  }
  return "unknown";
}
