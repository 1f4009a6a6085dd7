import { SandboxLost, SlotSandbox, UnreadableExecutable } from "../link/slot-sandbox.ts";
import { openSlotFrame, type SandboxPlace } from "./slot-frame.ts";
import { TaskError } from "./task-error.ts";

/** Makes a sandbox of its own, uses it, and removes the sandbox whatever happens. Throws TaskError. */
export async function inFreshSandbox<T>(place: SandboxPlace, use: (sandbox: SlotSandbox) => Promise<T>): Promise<T> {
  const frame = await openSlotFrame(place);
  const sandbox = new SlotSandbox({ sandboxId: 0, control: frame.control });
  try {
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
