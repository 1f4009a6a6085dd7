/** What the gallery is narrowed to, as it stands in the page's address. */
export interface GalleryFilter {
  readonly q: string;
  readonly tag: string;
}

/** Reads the filter out of an address. */
export function filterOf(params: URLSearchParams): GalleryFilter {
  return { q: params.get("q") ?? "", tag: params.get("tag") ?? "" };
}

/** The filter as an address; what is not set is left out. */
export function addressOf({ q, tag }: GalleryFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (q.trim() !== "") params.set("q", q.trim());
  if (tag !== "") params.set("tag", tag);
  return params;
}
