import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { freePort } from "../e2e/hub-process.ts";

const WORKER = `import task from "./kernel.js";
onmessage = async ({ data }) => postMessage(await task(data));`;

/** A page of nothing but plain module workers that run the same module as the grid: all that a browser can give. */
export class BareWorkers {
  readonly #server: Server;
  readonly #page: Page;
  #kernel: string;

  private constructor(server: Server, page: Page, kernel: string) {
    this.#server = server;
    this.#page = page;
    this.#kernel = kernel;
  }

  static async open(browser: Browser): Promise<BareWorkers> {
    const port = await freePort();
    const page = await browser.newPage();
    const server = createServer((request, response) => {
      const isScript = request.url?.endsWith(".js") === true;
      response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html", "cache-control": "no-store" });
      response.end(request.url === "/kernel.js" ? workers.#kernel : isScript ? WORKER : "<!doctype html><title>Bare workers</title>");
    }).listen(port, "127.0.0.1");
    const workers = new BareWorkers(server, page, "");
    await once(server, "listening");
    await page.goto(`http://127.0.0.1:${port}/`);
    return workers;
  }

  /** Runs the module's default function over 0 to `tasks`, each worker taking the next as it ends one. From the workers' start to the last output. */
  async run(kernel: string, tasks: number, workers: number): Promise<{ elapsedMs: number; outputs: unknown[] }> {
    this.#kernel = kernel;
    return this.#page.evaluate(async ([tasks, workers]) => {
      const startedAt = performance.now();
      const outputs: unknown[] = [];
      let next = 0;
      await Promise.all(Array.from({ length: workers }, () => new Promise<void>((resolve, reject) => {
        const worker = new Worker("/worker.js", { type: "module" });
        const sent: number[] = [];
        const send = () => {
          if (next === tasks) return;
          sent.push(next);
          worker.postMessage(next++);
        };
        const endIfIdle = () => {
          if (sent.length > 0) return;
          worker.terminate();
          resolve();
        };
        worker.onmessage = ({ data }: MessageEvent<unknown>) => {
          outputs[sent.shift() ?? tasks] = data;
          send();
          endIfIdle();
        };
        worker.onerror = ({ message }) => reject(new Error(message));
        // One is always queued behind the one that runs, so that no worker waits for this page.
        send();
        send();
        endIfIdle();
      })));
      return { elapsedMs: performance.now() - startedAt, outputs };
    }, [tasks, workers] as const);
  }

  async close(): Promise<void> {
    await this.#page.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
