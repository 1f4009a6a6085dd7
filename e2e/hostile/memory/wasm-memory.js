// WebAssembly memory grows to its own bounds and no further.
// ends: dead
// time: 1500
export default () => { const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 16 }); try { for (;;) { memory.grow(256); new Uint8Array(memory.buffer).fill(1, memory.buffer.byteLength - 16_777_216); } } catch { all.push(memory); } } };
