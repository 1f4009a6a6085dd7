import { AccountClient } from "../../sdk/account-client.ts";
import { HubClient } from "../../sdk/hub-client.ts";
import { keyOf } from "../account/job-key.ts";
import { watchedFetch } from "./session-doubt.ts";

/** The hub that served this page. */
export const hub = new HubClient("", { fetch: watchedFetch, keyOf });

/** The same hub's accounts. */
export const accounts = new AccountClient("", { fetch: watchedFetch });
