import { emptyGlobalScope } from "./global-scope.ts";
import { failureText } from "./failure-text.ts";
import { inspectModule } from "./inspection.ts";
import type { FromSlot, ToSlot } from "./slot-messages.ts";
import { TaskRunner, type SlotRealm, type TaskFunction } from "./task-runner.ts";
import { TaskScope } from "./task-scope.ts";
import { UncaughtErrors } from "./uncaught-errors.ts";

// The script of a slot: a classic worker inside the sandbox. It waits for its port, empties its global scope, and
// then runs what its supervisor sends. Whatever it needs of the platform it takes before job code comes.

const slotUrl = self.location.href;
const { Blob } = self;
const createObjectUrl = self.URL.createObjectURL.bind(self.URL);
const now = self.performance.now.bind(self.performance);
const startTimeout = self.setTimeout.bind(self);
const startInterval = self.setInterval.bind(self);
const stopInterval = self.clearInterval.bind(self);
const uncaught = new UncaughtErrors(now);

// Before any job code, and capturing: no listener of a job's own comes first.
for (const type of ["error", "unhandledrejection"]) self.addEventListener(type, uncaught.take, { capture: true });

interface Loaded {
  readonly module: object;
  readonly runner: TaskRunner | null;
}

function realmOf(port: MessagePort): SlotRealm {
  const send = port.postMessage.bind(port);
  return {
    now,
    sleep: (ms) => new Promise((resolve) => { startTimeout(resolve, ms); }),
    every: (ms, callback) => {
      const timer = startInterval(callback, ms);
      return () => stopInterval(timer);
    },
    post: (message: FromSlot, transfer: Transferable[] = []) => send(message, transfer),
    failureText: (thrown) => failureText(thrown, slotUrl),
  };
}

async function load(realm: SlotRealm, jobId: string, source: Uint8Array): Promise<Loaded | null> {
  const scope = new TaskScope(jobId, realm.post, realm.now);
  scope.install(self);
  try {
    const url = createObjectUrl(new Blob([new Uint8Array(source)], { type: "text/javascript" }));
    const module: unknown = await import(url);
    if (typeof module !== "object" || module === null) throw new TypeError("the module has no exports");
    const task: unknown = Reflect.get(module, "default");
    const hasDefault = isTaskFunction(task);
    realm.post({ type: "loaded", hasDefault });
    return { module, runner: hasDefault ? new TaskRunner(task, scope, realm) : null };
  } catch (error) {
    realm.post({ type: "unreadable", ...realm.failureText(error) });
    return null;
  }
}

function isTaskFunction(candidate: unknown): candidate is TaskFunction {
  return typeof candidate === "function";
}

function serve(port: MessagePort): void {
  const realm = realmOf(port);
  uncaught.onFlood = () => realm.post({ type: "uncaught" });
  let loaded: Promise<Loaded | null> = Promise.resolve(null);
  const handle = async (message: ToSlot): Promise<void> => {
    if (message.type === "load") {
      loaded = load(realm, message.jobId, message.source);
      return;
    }
    const job = await loaded;
    if (job === null) return; // already told as unreadable
    if (message.type === "inspect") realm.post(await inspectModule(job.module, message.args, message.maxInputs, realm.failureText));
    else if (job.runner === null) realm.post({ type: "unreadable", message: "Cannot run the Executable: it has no default export that is a function", stack: "" });
    else if (message.type === "run") await job.runner.run(message);
    else job.runner.cancel(message.run);
  };
  port.onmessage = ({ data }: MessageEvent<ToSlot>) => {
    handle(data).catch((error: unknown) => realm.post({ type: "unreadable", ...realm.failureText(error) }));
  };
  realm.post({ type: "ready" });
}

self.onmessage = ({ ports: [port] }: MessageEvent) => {
  if (port === undefined) return;
  self.onmessage = null;
  emptyGlobalScope(self);
  serve(port);
};
