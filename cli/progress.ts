import { Presets, SingleBar } from "cli-progress";
import type { Job } from "../protocol/http/job.ts";
import { duration } from "./duration.ts";

/** Without a terminal: a line at every tenth of the way. */
const PLAIN_STEPS = 10;

/** How far a job is, for a person who waits; on standard error, because results go to standard output. */
export interface Progress {
  update(job: Job): void;
  note(line: string): void;
  stop(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : plainProgress(stream);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  const format = "{bar} {percentage}%  {value} of {total}{failed}  {rate}/s  {eta_words}{waiting}";
  const bar = new SingleBar({ stream, format, hideCursor: true, stopOnComplete: false, gracefulExit: false }, Presets.rect);
  let started = false;
  return {
    update(job) {
      const words = wordsOf(job);
      if (!started) bar.start(job.tasks.total, 0, words);
      started = true;
      bar.update(job.tasks.done, words);
    },
    note(line) {
      if (started) stream.write("\r\u001B[K");
      stream.write(`${line}\n`);
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

function wordsOf(job: Job) {
  return {
    failed: job.tasks.failed === 0 ? "" : `, ${job.tasks.failed} failed`,
    rate: job.ratePerSecond < 10 ? job.ratePerSecond.toFixed(1) : Math.round(job.ratePerSecond),
    eta_words: job.etaMs === null ? "" : `${duration(job.etaMs)} left`,
    waiting: job.waitingFor === null ? "" : `  ${job.waitingFor}`,
  };
}

function plainProgress(stream: NodeJS.WritableStream): Progress {
  let told = 0;
  let waitingFor: string | null = null;
  return {
    update({ tasks, waitingFor: reason }) {
      const step = Math.floor((PLAIN_STEPS * tasks.done) / tasks.total);
      if (step > told) stream.write(`${tasks.done} of ${tasks.total} done${tasks.failed === 0 ? "" : `, ${tasks.failed} failed`}\n`);
      told = Math.max(told, step);
      if (reason !== null && reason !== waitingFor) stream.write(`${reason}\n`);
      waitingFor = reason;
    },
    note: (line) => { stream.write(`${line}\n`); },
    stop: () => undefined,
  };
}
