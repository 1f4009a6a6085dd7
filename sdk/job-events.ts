import { EventSourceParserStream } from "eventsource-parser/stream";
import { ENDED_STATES } from "../protocol/http/job.ts";
import { jobEventSchema, type JobEvent } from "../protocol/http/job-event.ts";
import type { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { Retry, type RetryOptions } from "./retry.ts";

/** Characters of one event: a job with all its failure groups is far below. */
const EVENT_MAX_CHARS = 8 * 1024 * 1024;

/**
 * What happens to a job, until the event that says that it has ended. A stream that breaks is taken up where it broke.
 * Throws HubError where asking again cannot help, for example "not-found".
 */
export async function* jobEvents(client: HubClient, jobId: string, options: RetryOptions = {}): AsyncGenerator<JobEvent> {
  const retry = new Retry(options);
  let lastEventId: string | null = null;
  while (!retry.stopped) {
    try {
      const stream = await client.openEvents(jobId, lastEventId, options.signal);
      for await (const message of parseEvents(stream)) {
        retry.answered();
        if (message.id !== undefined) lastEventId = message.id;
        const event = readEvent(jobId, message.event, message.data);
        yield event;
        if (event.type === "job" && ENDED_STATES.includes(event.job.state)) return;
      }
    } catch (error) {
      if (retry.stopped) return;
      retry.failed(error instanceof HubError ? error : new HubError(`Cannot follow job ${jobId}: ${String(error)}`, 0, null, { cause: error }));
    }
    await retry.wait();
  }
}

async function* parseEvents(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: EVENT_MAX_CHARS }))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function readEvent(jobId: string, type: string | undefined, data: string): JobEvent {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (error) {
    throw unreadable(jobId, error);
  }
  const parsed = jobEventSchema.safeParse(typeof json === "object" ? { ...json, type } : json);
  if (!parsed.success) throw unreadable(jobId, parsed.error);
  return parsed.data;
}

function unreadable(jobId: string, cause: unknown): HubError {
  return new HubError(`Cannot follow job ${jobId}: an event does not fit. Is the hub of another version?`, 200, null, { cause });
}
