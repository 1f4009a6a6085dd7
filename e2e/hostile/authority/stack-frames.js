// The frames under a task give none of the slot's own functions or objects away.
// ends: answered
// walls: both
export default function hostile() {
  const got = [];
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  const { stack } = new Error("x");
  if (Array.isArray(stack)) for (const site of stack) {
    for (const look of ["getThis", "getFunction"]) {
      const value = site[look]?.();
      if (value !== undefined && value !== null && value !== globalThis && value !== hostile) got.push(`${look} of ${site.getFunctionName()}`);
    }
  }
  Error.prepareStackTrace = prepare;
  const sloppy = Function("try { return arguments.callee.caller } catch { return null }");
  if (sloppy() !== null && sloppy() !== undefined) got.push("caller");
  return got;
}
