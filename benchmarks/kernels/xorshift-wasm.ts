// Marsaglia's xorshift, hand-assembled:
//
//   (func (export "run") (param $x i32) (param $n i32) (result i32)
//     (loop
//       x ^= x << 13;  x ^= x >> 17;  x ^= x << 5;
//       n -= 1;  (br_if 0 (n)))
//     x)

const STEPS = 4_000_000;
const [X, N] = [0, 1];
const I32 = 0x7f;
const [GET, SET, TEE, CONST] = [0x20, 0x21, 0x22, 0x41];
const [SHIFT_LEFT, SHIFT_RIGHT, XOR, SUBTRACT] = [0x74, 0x76, 0x73, 0x6b];
const [LOOP, NO_RESULT, BRANCH_IF, END] = [0x03, 0x40, 0x0d, 0x0b];

function xorShifted(shift: number, by: number): number[] {
  return [GET, X, GET, X, CONST, by, shift, XOR, SET, X];
}

/** A section: its id, its length, its content. All lengths here fit one byte of LEB128. */
function section(id: number, ...content: number[]): number[] {
  return [id, content.length, ...content];
}

const code = [
  0, // no further locals
  LOOP, NO_RESULT,
  ...xorShifted(SHIFT_LEFT, 13), ...xorShifted(SHIFT_RIGHT, 17), ...xorShifted(SHIFT_LEFT, 5),
  GET, N, CONST, 1, SUBTRACT, TEE, N, BRANCH_IF, 0,
  END,
  GET, X,
  END,
];
const name = [...new TextEncoder().encode("run")];
const wasm = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, 1, 0x60, 2, I32, I32, 1, I32), // one type: (i32, i32) -> i32
  ...section(3, 1, 0), // one function, of type 0
  ...section(7, 1, name.length, ...name, 0, 0), // exports function 0
  ...section(10, 1, code.length, ...code),
]);

const { run } = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports;

/** The generator's state after four million steps, from a state made of the seed. */
export default function xorshift(seed: number): number {
  if (typeof run !== "function") throw new TypeError("Cannot run: the module exports no function");
  return Number(run(seed + 1, STEPS));
}
