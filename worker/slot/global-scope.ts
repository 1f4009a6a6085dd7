// The first of two walls around job code: a scope with nothing in it but computing. The second, which holds even if
// this one were climbed, is the policy of the frame (SANDBOX.md): import() is syntax and cannot be deleted.

const ALLOWED = new Set([
  // the language
  "AggregateError", "Array", "ArrayBuffer", "AsyncDisposableStack", "BigInt", "BigInt64Array", "BigUint64Array", "Boolean", "DataView", "Date",
  "DisposableStack", "Error", "EvalError", "FinalizationRegistry", "Float16Array", "Float32Array", "Float64Array", "Function", "Infinity",
  "Int16Array", "Int32Array", "Int8Array", "Intl", "Iterator", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy",
  "RangeError", "ReferenceError", "Reflect", "RegExp", "Set", "String", "SuppressedError", "Symbol", "SyntaxError", "Temporal", "TypeError",
  "URIError", "Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet", "WebAssembly", "decodeURI",
  "decodeURIComponent", "encodeURI", "encodeURIComponent", "escape", "eval", "globalThis", "isFinite", "isNaN", "parseFloat", "parseInt",
  "undefined", "unescape",
  // of the platform, what only computes
  "self", "AbortController", "AbortSignal", "CompressionStream", "DOMException", "DecompressionStream", "Event", "EventTarget", "ImageData",
  "ReadableStream", "TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "TransformStream", "URLSearchParams",
  "WritableStream", "atob", "btoa", "clearInterval", "clearTimeout", "performance", "queueMicrotask", "setInterval", "setTimeout",
  "structuredClone",
]);

/** Deletes every global that is not allowed, over the whole prototype chain. Answers the names that could not be. */
export function emptyGlobalScope(scope: object): string[] {
  const left: string[] = [];
  for (let holder: object | null = scope; holder !== null && !isShared(holder); holder = prototypeOf(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (ALLOWED.has(name)) continue;
      if (!Reflect.deleteProperty(holder, name) && !Reflect.set(holder, name, undefined)) left.push(name);
    }
  }
  return left;
}

/** EventTarget's methods also serve AbortSignal, and Object's everything: both carry no ambient power. */
function isShared(holder: object): boolean {
  return holder === Object.prototype || holder === EventTarget.prototype;
}

function prototypeOf(holder: object): object | null {
  const prototype: unknown = Object.getPrototypeOf(holder);
  return typeof prototype === "object" ? prototype : null;
}
