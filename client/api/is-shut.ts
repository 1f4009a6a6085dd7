import { HubError } from "../../sdk/hub-error.ts";

const SHUT: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/** Whether the hub says that there is nothing, or nothing for who asks: to ask again will not help. */
export function isShut(error: Error | null): boolean {
  return error instanceof HubError && SHUT.has(error.status);
}
