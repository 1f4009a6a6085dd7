import * as z from "zod/mini";

/** Who may see a job: its owner, who has its link, everybody. The operator sees all. */
export const visibilitySchema = z.enum(["private", "link", "public"]);
export type Visibility = z.infer<typeof visibilitySchema>;

/** Body of `PUT /api/jobs/{jobId}/sharing`. */
export const sharingChangeSchema = z.strictObject({
  visibility: visibilitySchema,
  /** With `link`: a new key, so that every link given before is void. */
  renew: z.optional(z.boolean()),
});
export type SharingChange = z.infer<typeof sharingChangeSchema>;

/** Answer of `GET` and `PUT /api/jobs/{jobId}/sharing`, for who may steer the job. */
export const sharingSchema = z.object({
  visibility: visibilitySchema,
  /** What stands behind `?key=` in the links and opens every reading call of this job; null where it is not shared so. */
  key: z.nullable(z.string()),
  /** Links to give away, with the key where there is one. */
  url: z.string(),
  resultUrl: z.string(),
});
export type Sharing = z.infer<typeof sharingSchema>;
