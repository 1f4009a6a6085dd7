import type { Job } from "../../protocol/http/job.ts";

/** A picture that grows is fetched this many times on its way, however many tasks it has. */
const STEPS = 50;

/** The picture's address, another one each time that noticeably more of it is done, and once more at the end. */
export function pictureVersion(pictureUrl: string, { done, total }: Job["tasks"]): string {
  const step = done >= total ? "whole" : Math.floor((done / Math.max(1, total)) * STEPS);
  return `${pictureUrl}${pictureUrl.includes("?") ? "&" : "?"}at=${step}`;
}
