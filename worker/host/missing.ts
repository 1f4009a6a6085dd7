/** What this page has to do without, in words for the volunteer. Nothing of it keeps a Compute Server from working. */
export function missingFeatures(): readonly string[] {
  const missing: string[] = [];
  if (!isSecureContext) missing.push("No secure context: this page came over plain http from another machine, so the browser holds some features back.");
  if (!("locks" in navigator)) missing.push("No Web Locks: the browser may freeze this page some minutes after it is hidden.");
  if (!("wakeLock" in navigator)) missing.push("No wake lock: the device may go to sleep while it computes.");
  return missing;
}
