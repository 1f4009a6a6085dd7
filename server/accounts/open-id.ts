import * as client from "openid-client";
import * as z from "zod/mini";
import { GridError } from "../../protocol/grid-error.ts";
import { emailSchema, type Role } from "../../protocol/http/accounts.ts";
import { accountNameSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { isLoopback } from "../loopback.ts";
import { newSecret } from "./secrets.ts";

const DISCOVERY_TIMEOUT_SECONDS = 10;

export interface OpenIdOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What is written on the button. */
  readonly label: string;
  /** Of people who come by it for the first time. */
  readonly role: Role;
}

/** Somebody as the provider tells of them. */
export interface OpenIdPerson {
  /** Issuer and subject: the two together never change, and never pass to somebody else. */
  readonly subject: string;
  /** Made of what the provider calls them; may be taken. */
  readonly name: string;
  readonly email: string | null;
}

interface Start {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly next: string;
  readonly atMs: number;
}

const claimsSchema = z.object({
  iss: z.string(), sub: z.string(),
  preferred_username: z.optional(z.string()), name: z.optional(z.string()), email: z.optional(z.string()), email_verified: z.optional(z.boolean()),
});

/**
 * Single sign-on by OpenID Connect: the authorization code flow with PKCE, state and nonce. A sign-in that has begun is
 * kept here under a secret that its browser alone has, in a cookie: an answer that another browser brings is none.
 */
export class OpenId {
  readonly #options: OpenIdOptions;
  readonly #now: () => number;
  readonly #starts = new Map<string, Start>();
  #configuration: Promise<client.Configuration> | undefined;

  constructor(options: OpenIdOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#now = now;
  }

  get label(): string {
    return this.#options.label;
  }

  get role(): Role {
    return this.#options.role;
  }

  /** Where to send the browser, and the secret that it shall bring back. Throws GridError "unavailable". */
  async begin(redirectUri: string, next: string): Promise<{ readonly url: string; readonly secret: string }> {
    const configuration = await this.#discovered();
    const [secret, verifier, state, nonce] = [newSecret(), client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri, scope: "openid profile email", state, nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    this.#keep(secret, { state, nonce, verifier, redirectUri, next, atMs: this.#now() });
    return { url: url.href, secret };
  }

  /** Takes the browser's return, once. Throws GridError "unauthorized" for one that did not begin here or that the provider did not sign. */
  async finish(secret: string, query: string): Promise<{ readonly person: OpenIdPerson; readonly next: string }> {
    const start = this.#starts.get(secret);
    this.#starts.delete(secret);
    if (start === undefined || this.#now() - start.atMs > ACCOUNT_LIMITS.openIdStartMs) {
      throw new GridError("unauthorized", "Cannot sign in: this sign-in did not begin in this browser, or took too long. Begin anew.");
    }
    const configuration = await this.#discovered();
    const tokens = await client.authorizationCodeGrant(configuration, new URL(`${start.redirectUri}${query}`), {
      pkceCodeVerifier: start.verifier, expectedState: start.state, expectedNonce: start.nonce, idTokenExpected: true,
    }).catch((cause: unknown) => {
      throw new GridError("unauthorized", "Cannot sign in: the single sign-on did not confirm who you are. Begin anew.", { cause });
    });
    const told = tokens.claims();
    const more = told === undefined ? {} : await client.fetchUserInfo(configuration, tokens.access_token, told.sub).catch(() => ({}));
    return { person: personOf(claimsSchema.parse({ ...more, ...told })), next: start.next };
  }

  #keep(secret: string, start: Start): void {
    for (const [old, { atMs }] of this.#starts) {
      if (this.#starts.size < ACCOUNT_LIMITS.openIdStarts && this.#now() - atMs <= ACCOUNT_LIMITS.openIdStartMs) break;
      this.#starts.delete(old);
    }
    this.#starts.set(secret, start);
  }

  /** The provider may be down when the hub starts: it is asked when the first one comes, and again after a failure. */
  #discovered(): Promise<client.Configuration> {
    this.#configuration ??= this.#discover().catch((cause: unknown) => {
      this.#configuration = undefined;
      throw new GridError("unavailable", `Cannot reach the single sign-on at ${this.#options.issuer}: try again in a moment`, { cause });
    });
    return this.#configuration;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const url = new URL(issuer);
    // Without TLS on this machine alone, where nobody stands between.
    const execute = url.protocol === "http:" && isLoopback(url.hostname) ? [client.allowInsecureRequests] : [];
    return await client.discovery(url, clientId, undefined, client.ClientSecretPost(clientSecret), { execute, timeout: DISCOVERY_TIMEOUT_SECONDS });
  }
}

function personOf(claims: z.infer<typeof claimsSchema>): OpenIdPerson {
  const email = claims.email_verified === true && emailSchema.safeParse(claims.email).success ? (claims.email ?? null) : null;
  return { subject: `${claims.iss}\n${claims.sub}`, name: nameOf(claims.preferred_username ?? claims.email?.split("@")[0] ?? claims.name ?? ""), email };
}

/** As near to it as an account's name may be. */
function nameOf(told: string): string {
  const plain = told.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/[^a-z0-9._-]+/g, "-");
  const name = plain.slice(0, LIMITS.accountNameMaxChars - 3).replace(/^[._-]+|[._-]+$/g, "");
  return accountNameSchema.safeParse(name).success ? name : "member";
}
