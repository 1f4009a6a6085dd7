import { connect, type Hub } from "../sdk/index.ts";
import { HubError } from "../sdk/hub-error.ts";
import type { RemoteJob } from "../sdk/index.ts";
import { tokenStore } from "./token-store.ts";

/** Where a command finds its hub, and what proves there who asks. */
export interface HubOptions {
  readonly hub: string;
  /** Given by --token. */
  readonly token?: string | undefined;
}

/** What proves to this hub who asks: --token, else MANYHANDS_TOKEN, else what `manyhands sign-in` stored for it. */
export async function tokenFor({ hub, token }: HubOptions): Promise<string | undefined> {
  const fromEnvironment = process.env["MANYHANDS_TOKEN"];
  if (token !== undefined) return token;
  if (fromEnvironment !== undefined && fromEnvironment !== "") return fromEnvironment;
  return (await tokenStore().get(hub))?.token;
}

export async function openHub(options: HubOptions): Promise<Hub> {
  return connect(options.hub, { token: await tokenFor(options) });
}

/** A job by its id, or by a link to it: then on the link's hub, with the key that the link carries. */
export async function openJob(job: string, options: HubOptions): Promise<{ readonly hub: Hub; readonly job: RemoteJob; readonly url: string }> {
  const link = parseJobLink(job);
  const url = link?.origin ?? options.hub;
  const hub = await openHub({ ...options, hub: url });
  return { hub, url, job: hub.job(link?.jobId ?? job, { key: link?.key }) };
}

interface JobLink {
  readonly origin: string;
  readonly jobId: string;
  readonly key: string | undefined;
}

/** The parts of a job's or a result's address; undefined where it is none. */
export function parseJobLink(text: string): JobLink | undefined {
  const url = URL.parse(text);
  const jobId = url === null ? undefined : /^\/(?:jobs|results)\/([\w-]+)\/?$/.exec(url.pathname)?.[1];
  if (url === null || jobId === undefined) return undefined;
  return { origin: url.origin, jobId, key: url.searchParams.get("key") ?? undefined };
}

/** What a person can do where the hub refused who asks. */
export function adviceFor(error: unknown): string | undefined {
  if (!(error instanceof HubError)) return undefined;
  if (error.status === 401) return "Sign in with: manyhands sign-in URL   (or give a token by --token or MANYHANDS_TOKEN)";
  if (error.status === 403) return "What a token may do was chosen when it was made, within the role of its account: manyhands token create --help";
  return undefined;
}
