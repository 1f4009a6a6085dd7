/** Pages that lead on by themselves: to come back to them would go round. */
const LEADING_ON = /^\/(?:sign-in|sign-up|invitation)(?:\/|$)/;

/**
 * Where to go after signing in: a path of this hub, or "/". What stands in `?next=` may come from a link that anybody
 * made, so everything that a browser could take for another site's address is dropped.
 */
export function safeNext(text: string | null, origin: string): string {
  if (text === null || !text.startsWith("/")) return "/";
  const url = URL.parse(text, origin);
  if (url === null || url.origin !== origin) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // After its dots are resolved a path may begin anew like another host's.
  return path.startsWith("//") || LEADING_ON.test(url.pathname) ? "/" : path;
}

/** The sign-in page that leads back to a page. */
export function signInPath({ pathname, search, hash }: Pick<Location, "pathname" | "search" | "hash">): string {
  const here = `${pathname}${search}${hash}`;
  return here === "/" || LEADING_ON.test(pathname) ? "/sign-in" : `/sign-in?next=${encodeURIComponent(here)}`;
}
