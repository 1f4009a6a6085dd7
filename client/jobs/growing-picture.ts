import type { Job } from "../../protocol/http/job.ts";
import { picturePath } from "../result/job-paths.ts";

/** A picture that grows is fetched this many times on its way, however many tasks its job has. */
const STEPS = 50;

/** The picture's path, another one each time that noticeably more of it is done, and once more at the end. */
export function growingPicturePath({ jobId, state, tasks }: Pick<Job, "jobId" | "state" | "tasks">): string {
  const stretch = Math.max(1, Math.ceil(tasks.total / STEPS));
  const done = tasks.done >= tasks.total ? tasks.total : tasks.done - (tasks.done % stretch);
  return picturePath({ jobId, state, tasks: { ...tasks, done } });
}
