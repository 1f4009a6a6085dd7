const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60 * 60 * 1_000;
/** With the delays above, a mail is tried for some 13 hours. */
export const MAX_MAIL_ATTEMPTS = 24;

/** How long to wait after so many failed attempts (1, 2, …): 1 s, 2 s, 4 s … to an hour; null: give up. */
export function retryDelayMs(attempts: number): number | null {
  return attempts >= MAX_MAIL_ATTEMPTS ? null : Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}
