// Shared memory has nobody to be shared with, and no clock can be made of it.
// ends: answered
import { byEvents, reached } from "../reached.js";

export default function hostile() {
  const shared = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
  return reached({
    isolated: () => { if (globalThis.crossOriginIsolated !== true) throw new Error("not isolated"); },
    handed: () => {
      const text = URL.createObjectURL(new Blob(["onmessage = ({ data }) => postMessage(data.byteLength)"], { type: "text/javascript" }));
      const worker = new Worker(text);
      worker.postMessage(shared());
      return byEvents(worker, "message", "messageerror");
    },
    cloned: () => structuredClone(shared(), { transfer: [shared()] }),
  });
}
