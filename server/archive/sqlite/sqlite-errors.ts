// https://www.sqlite.org/rescode.html: the low byte of an extended code is its primary code.
const ERROR = 1;
const BUSY = 5;
const FULL = 13;
const TOO_BIG = 18;
const CONSTRAINT = 19;

/** The primary result code of an error of SQLite, or undefined for any other. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

export function isFull(error: unknown): boolean {
  return primaryCode(error) === FULL;
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === BUSY;
}

/** The statement is at fault, not the database: what was done before it in the transaction still stands. */
export function isStatementFault(error: unknown): boolean {
  const code = primaryCode(error);
  return code === ERROR || code === TOO_BIG || code === CONSTRAINT;
}

export function isConstraint(error: unknown): boolean {
  return primaryCode(error) === CONSTRAINT;
}
