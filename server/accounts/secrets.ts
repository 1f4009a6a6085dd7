import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const SECRET_BYTES = 32;
const ID_BYTES = 12;

/** 256 random bits, as text for a cookie, a header or a link. Whoever has it is let in: only its hash is stored. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

/** What something is called; knowing it gives nothing. Never begins with "-", so that it is no option of a command line. */
export function newId(): string {
  const id = randomBytes(ID_BYTES).toString("base64url");
  return id.startsWith("-") ? newId() : id;
}

/** SHA-256, hexadecimal. Enough for 256 random bits, which nobody guesses; a password needs more (passwords.ts). */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether two secrets are the same, in a time that does not tell how much of them is. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(createHash("sha256").update(one).digest(), createHash("sha256").update(other).digest());
}
