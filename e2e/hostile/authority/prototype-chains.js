// No deleted global comes back along any chain of prototypes, constructors, properties and accessors of what is left.
// ends: answered
// walls: both
const GONE = new Set([
  "fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "Worker", "SharedWorker", "BroadcastChannel", "MessageChannel", "MessagePort", "MessageEvent",
  "Request", "Response", "Headers", "Blob", "File", "FileReader", "URL", "OffscreenCanvas", "WorkerNavigator", "WorkerLocation", "IDBFactory", "CacheStorage", "LockManager",
  "importScripts", "postMessage", "FontFace", "createImageBitmap", "CookieStore", "StorageManager", "Notification", "RTCPeerConnection", "createObjectURL",
]);

export default function hostile() {
  const found = new Set();
  const seen = new Set();
  const { signal } = new AbortController();
  const queue = [globalThis, self, signal, new Event("x"), performance, new ReadableStream(), new CompressionStream("gzip"), new WebAssembly.Memory({ initial: 1 }), new DOMException(), (async () => 1)(), (function* () {})()];
  for (let item = queue.pop(); item !== undefined && seen.size < 50_000; item = queue.pop()) {
    if ((typeof item !== "object" && typeof item !== "function") || item === null || seen.has(item)) continue;
    seen.add(item);
    if (typeof item === "function" && GONE.has(item.name)) found.add(item.name);
    const tag = Object.prototype.toString.call(item).slice(8, -1);
    if (GONE.has(tag)) found.add(tag);
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(item))) queue.push(descriptor.value, descriptor.get, descriptor.set);
    queue.push(Object.getPrototypeOf(item));
    try { queue.push(item.constructor); } catch { /* an accessor that wants another receiver */ }
  }
  return [...found];
}
