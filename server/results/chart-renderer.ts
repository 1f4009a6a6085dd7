import { fork, type ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { GridError } from "../../protocol/grid-error.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { PICTURE_LIMITS } from "../limits.ts";
import type { ChartAnswer, ChartRequest } from "./chart-process.ts";
import type { ChartSample } from "./chart-sample.ts";

/** An idle process gives its memory back. */
const IDLE_MS = 30_000;

const PROGRAM = new URL(`./chart-process${extname(import.meta.url)}`, import.meta.url);
/** It may read files, for it has to load its program, and nothing else: no writing, no processes, no code made from text. */
const LOCKS = ["--permission", "--allow-fs-read=*", "--disallow-code-generation-from-strings", `--max-old-space-size=${PICTURE_LIMITS.chartHeapMiB}`];

interface Waiting {
  readonly resolve: (answer: ChartAnswer) => void;
  readonly reject: (error: GridError) => void;
}

/** Draws charts in a locked-down process, which is replaced when a chart takes too long or too much. One at a time. */
export class ChartRenderer {
  #process: ChildProcess | undefined;
  #waiting: Waiting | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** The chart as SVG. Throws GridError "invalid-request" when it cannot be drawn. */
  async svg(spec: Readonly<Record<string, unknown>>, sample: ChartSample): Promise<string> {
    const { indexes, outputs } = sample.sorted();
    const answer = await this.#ask({ spec, indexes, packed: packValues(outputs) });
    if ("error" in answer) throw cannotDraw(answer.error);
    if (answer.svg.length > PICTURE_LIMITS.svgChars) throw cannotDraw(`its SVG passes ${PICTURE_LIMITS.svgChars} characters. Show fewer marks`);
    return answer.svg;
  }

  close(): void {
    this.#end("the hub is stopping");
  }

  async #ask(request: ChartRequest): Promise<ChartAnswer> {
    clearTimeout(this.#idle);
    const timer = setTimeout(() => this.#end(`it takes longer than ${PICTURE_LIMITS.chartMs / 1000} seconds`), PICTURE_LIMITS.chartMs);
    try {
      return await new Promise<ChartAnswer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        const child = (this.#process ??= this.#start());
        child.send(request, (error) => {
          if (error !== null && this.#process === child) this.#end(error.message);
        });
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
      this.#idle = setTimeout(() => this.#end("its process was idle"), IDLE_MS).unref();
    }
  }

  #start(): ChildProcess {
    const child = fork(PROGRAM, { execArgv: LOCKS, env: {}, serialization: "advanced", stdio: ["ignore", "ignore", "ignore", "ipc"] });
    const ended = (why: string) => {
      if (this.#process === child) this.#end(why);
    };
    child.on("message", (answer: ChartAnswer) => {
      if (this.#process === child) this.#waiting?.resolve(answer);
    });
    child.on("error", (error) => ended(error.message));
    child.on("exit", () => ended(`its process ended, most likely because it took more than the ${PICTURE_LIMITS.chartHeapMiB} MB that a chart may take`));
    return child;
  }

  /** Ends the process, and with it the chart that is waited for. */
  #end(why: string): void {
    const child = this.#process;
    this.#process = undefined;
    clearTimeout(this.#idle);
    this.#waiting?.reject(cannotDraw(why));
    child?.kill("SIGKILL");
  }
}

function cannotDraw(why: string): GridError {
  return new GridError("invalid-request", `Cannot draw this chart: ${why}`);
}
