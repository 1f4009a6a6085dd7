import { SandboxLost, SlotSandbox, UnreadableExecutable } from "../link/slot-sandbox.ts";
import { openSlotFrame, type SandboxPlace } from "./slot-frame.ts";
import { TaskError } from "./task-error.ts";

/** Loads a module in a sandbox of its own, uses it, and removes the sandbox whatever happens. Throws TaskError. */
export async function inFreshSandbox<T>(place: SandboxPlace, jobId: string, source: string, use: (sandbox: SlotSandbox) => Promise<T>): Promise<T> {
  const frame = await openSlotFrame(place);
  const sandbox = new SlotSandbox({ sandboxId: 0, control: frame.control });
  try {
    await sandbox.load(jobId, new TextEncoder().encode(source));
    return await use(sandbox);
  } catch (error) {
    if (error instanceof UnreadableExecutable) throw new TaskError("unreadable-executable", error.message, error.jobStack);
    if (error instanceof SandboxLost) throw new TaskError(error.death.cause === "timeout" ? "timeout" : "slot-died", error.message, "");
    throw error;
  } finally {
    sandbox.close("It has done its work");
    frame.remove();
  }
}
