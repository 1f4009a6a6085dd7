// A worker that sleeps on shared memory is woken by nobody, and stopped.
// ends: stopped
// time: 500
// (module (import "m" "m" (memory 1 1 shared)) (func (export "run") (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 1, 109, 1, 109, 2, 3, 1, 1, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110, 0, 0, 10, 15, 1, 13, 0, 65, 0, 65, 0, 66, 127, 254, 1, 2, 0, 26, 11]);
export default async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  return (await WebAssembly.instantiate(bytes, { m: { m: memory } })).instance.exports.run();
};
