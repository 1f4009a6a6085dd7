import { GridError } from "../../protocol/grid-error.ts";
import type { Scope } from "../../protocol/http/accounts-tokens.ts";
import { isAtLeast, type Role } from "../../protocol/http/accounts.ts";
import type { ComputeServerId, ExecutableId, JobId, Owner } from "../../protocol/ids.ts";
import { computeServerIdSchema, resumeTokenSchema } from "../../protocol/ids.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { credentialsOf } from "../accounts/credentials.ts";
import { isOperator, mayDo, ownerOf, type AccountPrincipal, type Principal } from "../accounts/principal.ts";
import { hashOf, isSameSecret } from "../accounts/secrets.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import { isSecure, type Arrival, type ProxyOptions } from "./client-address.ts";
import { HttpError } from "./http-error.ts";
import { findJob } from "./job-view.ts";

/** A request before its body is read. */
export interface Asked<P> {
  readonly request: Arrival;
  readonly params: P;
  /** The `key` of a link that opens a job. */
  readonly key: string | undefined;
}

/** What somebody who was let in is given. */
export interface Admitted<A> {
  readonly principal: Principal;
  readonly admitted: A;
}

/**
 * What a route asks of who calls it. Every route names one (it does not compile without), and its handler gets what the
 * rule let it have: the job that may be seen, the owner of what is made. So a handler cannot forget to look.
 */
export interface Access<P, A> {
  /** How OpenAPI shows it. `open`: nothing is asked; `optional`: more is shown to who signs in. */
  readonly shown: "open" | "optional" | "required" | "compute-server";
  readonly scope: Scope | null;
  /** Throws what the caller is told: 404 for what it may not know to exist, 401 where signing in would help, else 403. */
  admit(asked: Asked<P>): Promise<Admitted<A>>;
}

/** A job as one who reads it may see it. */
export interface SeenJob {
  readonly job: StoredJob;
  readonly maySteer: boolean;
  /** The key that was shown and fits. */
  readonly key: string | null;
}

type Rule<P, A> = (principal: Principal, asked: Asked<P>) => A | Promise<A>;

/** Who may do what, in one place. */
export class AccessRules {
  readonly #archive: ResultsArchive;
  readonly #accounts: Accounts | null;
  readonly #proxies: ProxyOptions;

  constructor(archive: ResultsArchive, accounts: Accounts | null, proxies: ProxyOptions) {
    this.#archive = archive;
    this.#accounts = accounts;
    this.#proxies = proxies;
  }

  /** Anybody. */
  readonly open: Access<unknown, null> = this.#rule("open", null, () => null);

  /** Anybody who reads, for what shows more to some. A token must be good, and hold `read`. */
  readonly anyReader: Access<unknown, null> = this.#rule("optional", "read", (principal) => {
    mustHoldScope(principal, "read");
    return null;
  });

  /** Whoever may own what is made by it. */
  readonly submitter: Access<unknown, Owner> = this.#rule("required", "submit", (principal) => mustBe(principal, "submitter", "submit"));

  /** Who reads what is their own. */
  readonly member: Access<unknown, Owner> = this.#rule("required", "read", (principal) => mustBe(principal, "volunteer", "read"));

  readonly operator: Access<unknown, Owner> = this.#rule("required", "admin", (principal) => mustBe(principal, "operator", "admin"));

  /** Somebody in person, in a browser: no token may make tokens or change a password. */
  readonly inPerson: Access<unknown, AccountPrincipal> = this.#rule("required", null, (principal) => {
    const member = mustBeMember(principal);
    if (member.via === "session") return member;
    throw new HttpError(403, "Cannot do this with a token: sign in with your name and password");
  });

  /** In person, or with the token that it is about. */
  readonly ownToken: Access<{ readonly tokenId: string }, AccountPrincipal> = this.#rule("required", null, (principal, { params }) => {
    const member = mustBeMember(principal);
    if (member.via === "session" || member.credentialId === params.tokenId) return member;
    throw new HttpError(403, "Cannot do this with a token: a token may revoke no other than itself");
  });

  /** Who may see the job of the path: its owner, the operator, who shows its key; everybody where it is public. */
  readonly readJob: Access<{ readonly jobId: JobId }, SeenJob> = this.#rule("optional", "read", (principal, asked) => this.#seenJob(principal, asked, "read"));

  /** Who may cancel, pause, retry and share the job of the path: its owner and the operator. */
  readonly steerJob: Access<{ readonly jobId: JobId }, StoredJob> = this.#rule("required", "submit", async (principal, asked) => {
    const { job, maySteer } = await this.#seenJob(principal, asked, "submit");
    if (maySteer) return job;
    if (principal.kind === "anonymous") throw signIn("Cannot change this job: sign in as its owner");
    throw new HttpError(403, "Cannot change this job: it belongs to somebody else");
  });

  /** Who stored the Executable of the path, and who may see a job that uses it. Knowing the hash is not enough. */
  readonly readExecutable: Access<{ readonly executableId: ExecutableId }, null> = this.#rule("optional", "read", async (principal, { params: { executableId }, key }) => {
    mustHoldScope(principal, "read");
    const owner = ownerOf(principal);
    if (principal.kind === "local" || isOperator(principal)) return null;
    if (owner !== null && (await this.#archive.executable(executableId, owner)) !== undefined) return null;
    if (await this.#archive.isExecutableShown(executableId, key)) return null;
    throw new GridError("not-found", `Cannot find the Executable ${executableId}: you have not stored it here, and no job that you may see uses it`);
  });

  /** A Compute Server, which proves who it is by the token that its registration gave. */
  readonly computeServer: Access<unknown, ComputeServerId> = {
    shown: "compute-server", scope: null,
    admit: async ({ request: { headers } }) => {
      const id = computeServerIdSchema.safeParse(headers["x-compute-server"]);
      const token = resumeTokenSchema.safeParse(/^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]);
      const known = id.success && token.success ? await this.#archive.computeServer(id.data) : undefined;
      if (known === undefined || !token.success || !isSameSecret(hashOf(token.data), known.tokenHash)) {
        throw new HttpError(401, "Cannot take this from this Compute Server: its id and token do not fit. Register again.", { headers: { "WWW-Authenticate": "Bearer" } });
      }
      return { principal: { kind: "anonymous", badToken: false }, admitted: known.computeServerId };
    },
  };

  /** Whether who asks may see a job, for lists that hold jobs of several owners. */
  sees(principal: Principal, job: StoredJob): boolean {
    return job.public || owns(principal, job, "read");
  }

  maySteer(principal: Principal, job: StoredJob): boolean {
    return owns(principal, job, "submit");
  }

  async principal(request: Arrival): Promise<Principal> {
    return this.#accounts === null ? { kind: "local" } : await this.#accounts.principal(credentialsOf(request.headers, isSecure(request, this.#proxies)));
  }

  async #seenJob(principal: Principal, { params: { jobId }, key }: Asked<{ readonly jobId: JobId }>, scope: Scope): Promise<SeenJob> {
    // Before the job is looked for, so that a token without the scope learns nothing of what there is.
    mustHoldScope(principal, scope);
    const job = await findJob(this.#archive, jobId);
    const fits = key !== undefined && job.shareKey !== null && isSameSecret(key, job.shareKey);
    if (!fits && !this.sees(principal, job) && !owns(principal, job, scope)) throw noSuchJob(jobId);
    return { job, maySteer: this.maySteer(principal, job), key: fits ? key : null };
  }

  #rule<P, A>(shown: Access<P, A>["shown"], scope: Scope | null, rule: Rule<P, A>): Access<P, A> {
    return {
      shown, scope,
      admit: async (asked) => {
        const principal = await this.principal(asked.request);
        if (shown !== "open" && principal.kind === "anonymous" && principal.badToken) throw signIn("Cannot take this token: it is none of this hub, is over, or was revoked");
        return { principal, admitted: await rule(principal, asked) };
      },
    };
  }
}

/** The answer for a job that is not there, and for one that may not be known to be. */
export function noSuchJob(jobId: JobId): GridError {
  return new GridError("not-found", `Cannot find the job ${jobId}: there is none of that id, or it was removed`);
}

function owns(principal: Principal, { owner }: StoredJob, scope: Scope): boolean {
  return isOperator(principal) || (ownerOf(principal) === owner && mayDo(principal, "volunteer", scope));
}

function mustHoldScope(principal: Principal, scope: Scope): void {
  if (principal.kind !== "account" || principal.scopes.includes(scope)) return;
  throw new HttpError(403, `Cannot do this with this token: it lacks the scope "${scope}". Make one that has it.`);
}

function mustBe(principal: Principal, role: Role, scope: Scope): Owner {
  const owner = ownerOf(principal);
  if (owner === null || principal.kind === "anonymous") throw signIn("Cannot do this without an account: sign in, or send a token");
  if (principal.kind === "local") return owner;
  mustHoldScope(principal, scope);
  if (isAtLeast(principal.role, role)) return owner;
  throw new HttpError(403, `Cannot do this as a ${principal.role}: it takes ${role === "operator" ? "the operator" : `a ${role}`}. Ask the operator of this hub.`);
}

function mustBeMember(principal: Principal): AccountPrincipal {
  if (principal.kind === "account") return principal;
  if (principal.kind === "local") throw noAccounts();
  throw signIn("Cannot do this without an account: sign in");
}

/** What a hub without accounts answers to whatever is about them. */
export function noAccounts(): GridError {
  return new GridError("not-found", "Cannot do this here: this hub has no accounts. Start it with --accounts.");
}

function signIn(detail: string): HttpError {
  return new HttpError(401, detail, { headers: { "WWW-Authenticate": "Bearer" } });
}
