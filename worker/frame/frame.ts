// The one fixed script of the sandboxed frame. It starts the slot from the script embedded here (a blob, the only
// form of worker that an opaque origin may start in every browser), hands it its port and answers heartbeats.

declare const SLOT_SCRIPT: string;

// No policy of Firefox holds a peer connection back, and this document needs none. A child document, which would have its
// own, the policy does not let it make.
for (const name of Object.getOwnPropertyNames(self)) if (/^(?:moz|webkit)?RTC/.test(name)) Reflect.deleteProperty(self, name);

// Started before the page has sent anything: it boots while the frame's load is being told.
const slot = new Worker(URL.createObjectURL(new Blob([SLOT_SCRIPT], { type: "text/javascript" })));
slot.onerror = (event) => event.preventDefault(); // a job's uncaught errors are nobody's news: its tasks are judged by their outcomes

const receive = ({ source, ports: [slotPort, heartbeatPort] }: MessageEvent): void => {
  if (source !== parent || slotPort === undefined || heartbeatPort === undefined) return;
  removeEventListener("message", receive);
  slot.postMessage(null, [slotPort]);
  heartbeatPort.onmessage = ({ data }: MessageEvent<unknown>) => heartbeatPort.postMessage(data);
};
addEventListener("message", receive);
