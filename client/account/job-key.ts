// A job that is shared by link is read with the link's key: it stands in the address of the job's page and of its
// result's, and nowhere else, so that a reload, the way back and a copied address keep it.

const JOB_PAGE = /^\/(?:jobs|results)\/([\w-]+)\/?$/;

/** The key for this job in the address of a page; null where it is the page of something else, or has none. */
export function keyIn({ pathname, search }: Pick<Location, "pathname" | "search">, jobId: string): string | null {
  return JOB_PAGE.exec(pathname)?.[1] === jobId ? new URLSearchParams(search).get("key") : null;
}

/** The key for this job in this page's address. */
export function keyOf(jobId: string): string | null {
  return typeof location === "undefined" ? null : keyIn(location, jobId);
}

/** A path of the hub about this job, with the key where this page has it. */
export function withKey(path: string, jobId: string): string {
  const key = keyOf(jobId);
  return key === null ? path : `${path}${path.includes("?") ? "&" : "?"}key=${encodeURIComponent(key)}`;
}
