import { jobEventSchema } from "../../protocol/http/job-event.ts";
import { LimitError } from "../limit-error.ts";
import { clientAddress, networkOf } from "./client-address.ts";
import { EventViewer } from "./event-viewer.ts";
import type { HttpContext } from "./http-context.ts";
import { jobParams } from "./parameters.ts";
import { requestBase } from "./request-base.ts";
import { NO_PARAMETERS, route, type Route } from "./route.ts";

const RETRY_SECONDS = 10;

export function eventRoutes({ access, feeds, options, guard }: HttpContext): readonly Route[] {
  return [route({
    method: "get", path: "/api/jobs/{jobId}/events", group: "Results",
    summary: "What happens to a job, as server-sent events",
    description: "First the job as it is and the ranges of results that can be read, then every change. An event's name is its `type`, its data the JSON of the rest. `Last-Event-ID` goes on where a broken connection was, or begins anew where that is too long ago.",
    params: jobParams, query: NO_PARAMETERS,
    headers: [{ name: "Last-Event-ID", description: "The id of the last event that was received" }],
    answers: [{ status: 200, description: "The events", contentTypes: ["text/event-stream"], schema: jobEventSchema }],
    access: access.readJob,
    async handle({ admitted: { maySteer, key }, params: { jobId }, request, response }) {
      const network = networkOf(clientAddress(request, options));
      const place = guard.enter("streamsPerAddress", network);
      if (place === undefined) {
        throw new LimitError("too-many-requests", "streamsPerAddress", `Cannot open another stream of events: ${guard.limitOf("streamsPerAddress", network)} are open from this address. Close some, or ask for the job itself.`, RETRY_SECONDS);
      }
      response.once("close", place.leave);
      // Looked at again while the stream is open: who is signed out, or whose link was revoked, sees no more.
      const mayStay = async () => {
        const rights = await access.readJob.admit({ request, params: { jobId }, key: key ?? undefined }).catch(() => undefined);
        return rights !== undefined;
      };
      response.set({ "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no" });
      await feeds.watch(jobId, new EventViewer(response, { base: requestBase(request, options), maySteer, key }, mayStay), request.get("last-event-id"));
    },
  })];
}
