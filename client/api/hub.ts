import { HubClient } from "../../sdk/hub-client.ts";

/** The hub that served this page. */
export const hub = new HubClient("");
