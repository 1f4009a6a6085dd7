// Somebody was refused for want of a session: what this page believes of it may be over. Whoever shows the session
// listens, and asks the hub anew.

const SESSION_PATH = "/api/session";

const listeners = new Set<() => void>();

export function doubtSession(): void {
  for (const listener of listeners) listener();
}

export function onSessionDoubt(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `fetch` for a page of the hub: every refusal for want of a session is noticed, whoever asked. */
export const watchedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  // A sign-in that was refused says nothing about the session there is.
  if (response.status === 401 && URL.parse(response.url)?.pathname !== SESSION_PATH) doubtSession();
  return response;
};
