import { gallerySchema, type Gallery } from "../../protocol/http/gallery.ts";
import type { JobState } from "../../protocol/http/job.ts";
import type { HttpContext } from "./http-context.ts";
import { viewJobs } from "./job-routes.ts";
import { galleryQuery } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

const PAGE_JOBS = 24;
const TAGS = 50;
/** What has something to show, or soon will. */
const SHOWN: readonly JobState[] = ["running", "paused", "completed", "failed"];

export function galleryRoutes(context: HttpContext): readonly Route[] {
  return [route({
    method: "get", path: "/api/gallery", group: "Results",
    summary: "Public jobs, running and finished, newest first",
    params: NO_PARAMETERS, query: galleryQuery,
    answers: [{ status: 200, description: "A page of the gallery, and the tags in use", contentTypes: ["application/json"], schema: gallerySchema }],
    access: context.access.anyReader,
    async handle({ query: { q, tag, cursor, limit = PAGE_JOBS }, principal, request, response }) {
      const filter = {
        publicOnly: true, states: SHOWN, limit,
        ...(q === undefined ? {} : { text: q }),
        ...(tag === undefined ? {} : { tag }),
        ...(cursor === undefined ? {} : { cursor }),
      };
      const [page, tags] = await Promise.all([context.archive.jobs(filter), context.archive.tags(TAGS)]);
      const gallery: Gallery = {
        items: await viewJobs(context, page.jobs, principal, requestBase(request, context.options)),
        tags: tags.map(({ tag: name, count }) => ({ tag: name, count })),
        nextCursor: page.nextCursor,
      };
      response.json(gallery);
    },
  })];
}
