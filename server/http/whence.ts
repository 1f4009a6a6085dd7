import type { Whence } from "../accounts/sessions.ts";
import { clientAddress, type Arrival, type ProxyOptions } from "./client-address.ts";

/** From where a request comes, for limits, sessions and the audit log. */
export function whenceOf(request: Arrival, options: ProxyOptions): Whence {
  return { address: clientAddress(request, options), userAgent: request.headers["user-agent"] ?? "" };
}
