import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { GridError } from "../../protocol/grid-error.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { isLocalName, isLoopback } from "../loopback.ts";
import type { HubOptions } from "../options.ts";
import { Accounts } from "./accounts.ts";
import { invitationUrl } from "./invitations.ts";
import { OpenId } from "./open-id.ts";
import { admitVolunteer, type Volunteer } from "./volunteers.ts";

export interface OpenedAccounts {
  /** Null: the hub has none. */
  readonly accounts: Accounts | null;
  /** Where somebody becomes the operator; null where nobody needs to. */
  readonly operatorLink: string | null;
  /** Who opens a Compute Server's link. Throws GridError "forbidden" with words for who may not. */
  readonly volunteer: (request: IncomingMessage) => Promise<Volunteer>;
}

/**
 * A hub that others can reach has accounts. Throws GridError "invalid-request" with one line for the operator: for an
 * address that is not this machine's alone, and for what tells that a proxy brings others to one that is.
 */
export function mustHaveAccounts(options: Pick<HubOptions, "accounts" | "host" | "publicUrl" | "allowedHosts" | "trustProxy">): void {
  const why = options.accounts ? null : whyReachable(options);
  if (why === null) return;
  throw new GridError("invalid-request", `Cannot start without accounts: ${why}, so that others can reach this hub, submit jobs and see results. Add --accounts.`);
}

function whyReachable({ host, publicUrl, allowedHosts, trustProxy }: Pick<HubOptions, "host" | "publicUrl" | "allowedHosts" | "trustProxy">): string | null {
  if (!isLoopback(host)) return `--host ${host} is more than this machine`;
  if (publicUrl !== null && !isLocalName(new URL(publicUrl).hostname)) return `--public-url ${publicUrl} leads here from elsewhere`;
  const name = allowedHosts.find((allowed) => !isLocalName(allowed));
  if (name !== undefined) return `--allow-host ${name} leads here from elsewhere`;
  return trustProxy.kind === "none" ? null : "--trust-proxy says that a proxy stands before it";
}

/** With no operator yet, or where `--operator-link` asks for it, makes the link for one. */
export async function openAccounts(options: HubOptions, archive: ResultsArchive, url: string): Promise<OpenedAccounts> {
  if (!options.accounts) return { accounts: null, operatorLink: null, volunteer: (request) => admitVolunteer(null, request, options) };
  const { openId } = options;
  const accounts = await Accounts.open(archive.accounts, {
    volunteers: options.volunteers,
    openId: openId === null ? null : new OpenId({ ...openId, clientSecret: clientSecretOf(openId) }),
  });
  const volunteer = (request: IncomingMessage) => admitVolunteer(accounts, request, options);
  if (!options.operatorLink && (await archive.accounts.hasOperator())) return { accounts, operatorLink: null, volunteer };
  const { code } = await accounts.invitations.makeOperatorLink();
  await accounts.audit.noteTerminal({ action: "operator-link-made" });
  return { accounts, volunteer, operatorLink: invitationUrl(options.publicUrl === null ? url : new URL(options.publicUrl).origin, code) };
}

/** From the file, else from the environment: a command line is read by every other program of the machine. */
function clientSecretOf({ clientSecretFile }: NonNullable<HubOptions["openId"]>): string {
  const secret = clientSecretFile === null ? process.env["MANYHANDS_OIDC_CLIENT_SECRET"] : readSecret(clientSecretFile);
  if (secret !== undefined && secret.trim() !== "") return secret.trim();
  throw new GridError("invalid-request", "Cannot use the single sign-on: its secret is missing. Set MANYHANDS_OIDC_CLIENT_SECRET, or name a file by --oidc-client-secret-file.");
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new GridError("invalid-request", `Cannot read the secret of the single sign-on from ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
