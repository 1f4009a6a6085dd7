import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod/mini";
import { ROLES, volunteersSchema, type Volunteers } from "../protocol/http/accounts.ts";
import { LIMITS } from "../protocol/limits.ts";
import { DEFAULT_SABOTEUR_SHARE } from "../scheduler/options.ts";
import { DEFAULT_PLACEMENT, PLACEMENT_NAMES, type PlacementName } from "../scheduler/placement/policies.ts";
import { NO_PROXIES, parseTrustedProxies, type TrustedProxies } from "./http/client-address.ts";
import type { OpenIdOptions } from "./accounts/open-id.ts";
import type { TlsFiles } from "./http/hub-server.ts";
import { MIN_FREE_BYTES, SETTABLE_LIMITS, type SetLimits } from "./limits.ts";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

export interface HubOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** Open the page in the operator's browser. */
  readonly open: boolean;
  /** Start the embedded Load Balancer. */
  readonly loadBalancer: boolean;
  /** The grantor shortens every longer request. */
  readonly maxLeaseMs: number;
  /** For example smtp://user:pass@mail.example:587; null: no mail. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** Where people reach this hub, for links in mails; null: where it listens. */
  readonly publicUrl: string | null;
  /** For example https://*.sbx.example; null: chosen by how the page was opened. */
  readonly sandboxOrigin: string | null;
  /** Host names under which the hub may be asked, besides its own addresses. */
  readonly allowedHosts: readonly string[];
  /** Which hops in front of the hub may say who asks. */
  readonly trustProxy: TrustedProxies;
  /** Certificate and key, in PEM; null: the hub speaks plain HTTP. */
  readonly tls: TlsFiles | null;
  /** The placement policy of jobs that name none. */
  readonly policy: PlacementName;
  /** Parts of the slot time that owners get, against each other; who is not named has 1. */
  readonly ownerWeights: ReadonlyMap<string, number>;
  /** Submissions leave so many bytes of the disk free. */
  readonly minFreeBytes: number;
  /** Jobs are removed so many days after their end; null: they stay, unless their owner wishes otherwise. */
  readonly keepDays: number | null;
  /** Whether owners may begin that time anew. */
  readonly keepLonger: boolean;
  /** Limits by name that are not what server/limits.ts says. */
  readonly limits: SetLimits;
  /** People sign in, and jobs have owners. */
  readonly accounts: boolean;
  /** Print a link that makes an operator, also where there is one. */
  readonly operatorLink: boolean;
  /** Who may lend a hand; null: the operator's setting. */
  readonly volunteers: Volunteers | null;
  /** Single sign-on by OpenID Connect; null: none. */
  readonly openId: (Omit<OpenIdOptions, "clientSecret"> & { readonly clientSecretFile: string | null }) | null;
  /** The part of all volunteers that is taken for saboteurs, where answers are verified by credibility. */
  readonly saboteurShare: number;
  readonly logLevel: LogLevel;
}

const MOST_SABOTEURS = 0.45;
const DEFAULT_MAX_LEASE_MS = 60 * 60 * 1000;

const parsedSchema = z.object({
  host: z.string(), port: z.int(), data: z.string(), open: z.boolean(), loadBalancer: z.boolean(), maxLease: z.int(),
  smtp: z.optional(z.string()), mailFrom: z.string(), publicUrl: z.optional(z.string()), sandboxOrigin: z.optional(z.string()),
  tlsCert: z.optional(z.string()), tlsKey: z.optional(z.string()),
  allowHost: z.array(z.string()), trustProxy: z.custom<TrustedProxies>((trusted) => typeof trusted === "object"), policy: z.enum(PLACEMENT_NAMES), weight: z.map(z.string(), z.number()),
  accounts: z.boolean(), operatorLink: z.boolean(), volunteers: z.optional(volunteersSchema),
  oidcIssuer: z.optional(z.string()), oidcClientId: z.optional(z.string()), oidcClientSecretFile: z.optional(z.string()), oidcLabel: z.string(), oidcRole: z.enum(ROLES),
  minFree: z.number(), keepDays: z.optional(z.int()), keepLonger: z.boolean(), limit: z.record(z.string(), z.number()), saboteurShare: z.number(), logLevel: z.enum(LOG_LEVELS),
});

function integer(name: string, least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    // Number alone takes "", " " and "1e3".
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`${name} is a whole number from ${least} to ${most}.`);
    return value;
  };
}

function saboteurShare(text: string): number {
  const share = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || share <= 0 || share > MOST_SABOTEURS) throw new InvalidArgumentError(`A share is a number over 0, at most ${MOST_SABOTEURS}: past it no answers can be told from each other.`);
  return share;
}

function url(protocols: readonly string[]) {
  return (text: string): string => {
    const parsed = URL.parse(text.replace("*.", "x."));
    if (parsed === null || parsed.hostname === "" || !protocols.includes(parsed.protocol)) {
      throw new InvalidArgumentError(`It is a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}, and a host.`);
    }
    return text;
  };
}

function trustedProxies(text: string): TrustedProxies {
  const trusted = parseTrustedProxies(text);
  if (trusted === undefined) throw new InvalidArgumentError("It is how many proxies stand before the hub, 0 to 16, or their addresses and CIDR ranges with commas between, for example 10.0.0.0/8,::1.");
  return trusted;
}

/** "500M", "2G" or a number of bytes. */
function size(text: string): number {
  const [, number, unit = ""] = /^(\d{1,12})([KMGT]?)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("It is a number of bytes, or one with K, M, G or T behind it, for example 2G.");
  return Number(number) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit);
}

/** "slotsPerOwner=16", beside those given before. */
function limit(text: string, earlier: SetLimits): SetLimits {
  const [name = "", number = ""] = text.split("=");
  if (!SETTABLE_LIMITS.includes(name)) throw new InvalidArgumentError(`It is NAME=NUMBER, with one of these names: ${SETTABLE_LIMITS.join(", ")}.`);
  return { ...earlier, [name]: integer(name, 0, Number.MAX_SAFE_INTEGER)(number) };
}

/** "ada=2.5", beside those given before. */
function weight(text: string, earlier: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const equals = text.lastIndexOf("=");
  const [owner, number] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1).trim()];
  const value = Number(number);
  if (owner === "" || owner.length > LIMITS.ownerMaxChars) throw new InvalidArgumentError("It is an owner's name, =, and a number, for example ada=2.");
  if (!/^\d+(\.\d+)?$/.test(number) || value < LIMITS.ownerWeightLeast || value > LIMITS.ownerWeightMost) {
    throw new InvalidArgumentError(`A weight is a number from ${LIMITS.ownerWeightLeast} to ${LIMITS.ownerWeightMost}.`);
  }
  if (!earlier.has(owner) && earlier.size >= LIMITS.ownerWeights) throw new InvalidArgumentError(`At most ${LIMITS.ownerWeights} owners can have a weight.`);
  return new Map([...earlier, [owner, value]]);
}

function openIdOf(command: Command, { accounts, oidcIssuer, oidcClientId, oidcClientSecretFile, oidcLabel, oidcRole }: z.infer<typeof parsedSchema>): HubOptions["openId"] {
  if (oidcIssuer === undefined && oidcClientId === undefined) return null;
  if (oidcIssuer === undefined || oidcClientId === undefined) return command.error("Cannot use the single sign-on: it takes both --oidc-issuer and --oidc-client-id.");
  if (!accounts) return command.error("Cannot use the single sign-on without accounts: add --accounts.");
  return { issuer: oidcIssuer, clientId: oidcClientId, clientSecretFile: oidcClientSecretFile ?? null, label: oidcLabel, role: oidcRole };
}

/** Reads the command line of the hub; prints help or a clear error and ends the process by itself. */
export function readHubOptions(argv: readonly string[]): HubOptions {
  const command = new Command("manyhands hub")
    .description("Start a hub: the page that people open, the API that jobs go to, the archive that keeps their results.")
    .option("--host <address>", "address to listen at", "127.0.0.1")
    .option("--port <number>", "port to listen at, 0 for any", integer("A port", 0, 65_535), 8080)
    .option("--data <folder>", "where jobs and results are kept", "./data")
    .option("--no-open", "do not open the page in a browser")
    .option("--no-load-balancer", "run no Load Balancer in this process")
    .option("--max-lease <ms>", "longest lease granted to a Compute Server", integer("A lease", 1, LIMITS.leaseMs), DEFAULT_MAX_LEASE_MS)
    .addOption(new Option("--policy <name>", "how the Compute Server is chosen that gets a batch, where a job names no policy").choices(PLACEMENT_NAMES).default(DEFAULT_PLACEMENT))
    .addOption(new Option("--weight <owner=number>", "an owner's part of the slot time, against 1 for every other; may be repeated").argParser(weight).default(new Map<string, number>(), "1 each"))
    .addOption(new Option("--min-free <bytes>", "what submissions leave free of the disk, for example 2G").argParser(size).default(MIN_FREE_BYTES, "256M"))
    .option("--keep-days <number>", "remove jobs with their results so many days after their end (default: never)", integer("A number of days", 1, LIMITS.keepDays))
    .option("--no-keep-longer", "owners may not begin that time anew")
    .addOption(new Option("--limit <name=number>", "what an address or an owner may do, by the names of docs/limits.md; may be repeated").argParser(limit).default({}, "as documented"))
    .option("--saboteur-share <share>", "the part of all volunteers that is taken for saboteurs, where answers are verified by credibility", saboteurShare, DEFAULT_SABOTEUR_SHARE)
    .option("--smtp <url>", "mail server, smtp://user:password@host:port", url(["smtp:", "smtps:"]))
    .option("--mail-from <address>", "sender of mails", "Manyhands <manyhands@localhost>")
    .option("--public-url <url>", "where people reach this hub, for links in mails", url(["http:", "https:"]))
    .option("--sandbox-origin <url>", "wildcard origin for job sandboxes, https://*.sbx.example", url(["http:", "https:"]))
    .option("--allow-host <name>", "a further host name that the hub answers to; may be repeated", (name: string, all: string[]) => [...all, name], [])
    .option("--tls-cert <file>", "speak HTTPS: the certificate, and what it is signed by, in PEM; read again when it changes and on SIGHUP")
    .option("--tls-key <file>", "the key of the certificate, in PEM")
    .addOption(new Option("--trust-proxy <hops or addresses>", "proxies in front of the hub, whose word on who asks is taken: how many, or their addresses (10.0.0.0/8,::1)").argParser(trustedProxies).default(NO_PROXIES, "none"))
    .option("--accounts", "people sign in and jobs have owners; needed wherever others can reach the hub", false)
    .option("--operator-link", "print a link that makes an operator, also where there is one already", false)
    .addOption(new Option("--volunteers <who>", "who may lend a hand: anyone, who is signed in, or who was invited").choices(volunteersSchema.options))
    .addOption(new Option("--oidc-issuer <url>", "single sign-on by OpenID Connect: the provider").env("MANYHANDS_OIDC_ISSUER").argParser(url(["https:", "http:"])))
    .addOption(new Option("--oidc-client-id <id>", "this hub's id at the provider").env("MANYHANDS_OIDC_CLIENT_ID"))
    .addOption(new Option("--oidc-client-secret-file <file>", "file with this hub's secret at the provider; or set MANYHANDS_OIDC_CLIENT_SECRET").env("MANYHANDS_OIDC_CLIENT_SECRET_FILE"))
    .option("--oidc-label <text>", "what is written on the button of the single sign-on", "Single sign-on")
    .addOption(new Option("--oidc-role <role>", "role of people who come by it for the first time").choices(ROLES).default("volunteer"))
    .option("--log-level <level>", `one of ${LOG_LEVELS.join(", ")}`, "info");
  command.parse([...argv], { from: "user" });
  const parsed = parsedSchema.safeParse(command.opts());
  if (!parsed.success) return command.error(`Cannot read the options: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}`);
  const options = parsed.data;
  const { tlsCert, tlsKey } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) return command.error("Cannot speak HTTPS: --tls-cert and --tls-key go together.");
  return {
    host: options.host, port: options.port, dataDir: options.data, open: options.open, loadBalancer: options.loadBalancer,
    maxLeaseMs: options.maxLease, smtpUrl: options.smtp ?? null, mailFrom: options.mailFrom, publicUrl: options.publicUrl ?? null,
    sandboxOrigin: options.sandboxOrigin ?? null, allowedHosts: options.allowHost, trustProxy: options.trustProxy,
    tls: tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey }, policy: options.policy, ownerWeights: options.weight, limits: options.limit,
    minFreeBytes: options.minFree, keepDays: options.keepDays ?? null, keepLonger: options.keepLonger,
    accounts: options.accounts, operatorLink: options.operatorLink, volunteers: options.volunteers ?? null, openId: openIdOf(command, options), saboteurShare: options.saboteurShare, logLevel: options.logLevel,
  };
}
