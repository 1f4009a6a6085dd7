/** With what code a hub closes a Compute Server's link. Codes stay the same across versions. */
export const CLOSE_CODES = {
  /** A frame broke the schema, or came at the wrong moment. */
  malformed: 4400,
  /** A frame or a queue passed its limit. */
  tooLarge: 4413,
  /** The tab speaks another version: reload. */
  unsupportedVersion: 4426,
  /** Too many links or frames from there: come back later. */
  tooMany: 4429,
  /** The same Compute Server opened another link. */
  replaced: 4409,
  /** This hub takes volunteers who are signed in, or not with this token: pointless to try again as one is. */
  signIn: 4401,
  /** The resume token does not fit the Compute Server's id: register anew. */
  forbidden: 4403,
  /** The lease ran out without a sign of life. */
  leaseExpired: 4408,
  /** The hub stops; come back after the time that `drain` told. */
  goingAway: 1001,
} as const;
