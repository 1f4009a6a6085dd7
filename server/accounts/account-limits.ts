const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Bounds on what accounts, and those who try to get at them, may cost the hub. */
export const ACCOUNT_LIMITS = {
  /** Password hashes under way at once, each with its own memory; what waits past that; what more is told to come again. */
  hashesAtOnce: 2,
  hashesWaiting: 128,
  /** Wrong passwords within `signInWindowSeconds`, for one name and from one address. */
  failuresPerAccount: 20,
  failuresPerAddress: 100,
  signInWindowSeconds: 15 * 60,
  /** Accounts made, and codes of invitations tried, from one address an hour: a school may come from one. */
  signUpsPerAddress: 300,
  codesPerAddress: 1_000,
  /** A session ends so long after it was last seen, and after it began. */
  sessionIdleMs: 14 * DAY_MS,
  sessionMs: 90 * DAY_MS,
  /** The archive is told this seldom that a session, or a token, is in use. */
  seenEveryMs: 5 * MINUTE_MS,
  sessionsPerAccount: 50,
  tokensPerAccount: 100,
  invitationsListed: 500,
  operatorLinkMs: 15 * MINUTE_MS,
  passwordLinkMs: DAY_MS,
  auditEntries: 100_000,
  auditDetailChars: 500,
  userAgentChars: 200,
  /** Sign-ins by the single sign-on that have begun and not come back. */
  openIdStarts: 1_000,
  openIdStartMs: 10 * MINUTE_MS,
  /** What signed-in volunteers did is added to their accounts this often. */
  workEveryMs: 10 * 1000,
  /** An output that was uploaded may be reported so long. */
  uploadMs: 30 * DAY_MS,
} as const;
