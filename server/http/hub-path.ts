const PATH_CHARS = 2_000;
/** Only its path is compared with: a name that no address has. */
const SOMEWHERE = "http://hub.invalid";

/** Where to go on inside the hub. What leads elsewhere, however it is written, leads to the first page. */
export function hubPath(wanted: string | undefined): string {
  // Browsers take a backslash for a slash, and leave out tabs and ends of lines.
  if (wanted === undefined || wanted.length > PATH_CHARS || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) || wanted.includes("\\")) return "/";
  const url = URL.parse(wanted, SOMEWHERE);
  if (url === null || url.origin !== SOMEWHERE) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  return path.startsWith("//") ? "/" : path;
}
