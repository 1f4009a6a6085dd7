import { Skeleton } from "@mantine/core";
import type { Job } from "../../protocol/http/job.ts";
import { picturePath } from "./job-paths.ts";
import { useFreshPicture } from "./use-fresh-picture.ts";

/** A picture as the hub renders it, fresh while the job runs. */
export function HubPicture({ job, label }: { readonly job: Job; readonly label: string }) {
  const { src, status, problem } = useFreshPicture(picturePath(job));
  if (src !== null) return <img src={src} alt={label} draggable={false} />;
  if (status === "loading") return <Skeleton height="100%" role="status" aria-label="Loading the picture" />;
  return <span role="img" aria-label={problem ?? `${label}: nothing is drawn yet`} />;
}
