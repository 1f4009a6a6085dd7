// The Collatz conjecture: halve an even number, triple an odd one and add one, and you always come to 1. After how long?
// An input is a number, or a block of numbers, of which the one with the longest way is told.

interface Block { from: number; to: number } // `to` is not in it

export function* inputs({ from = 1, to = 10_000_000, block = 20_000 } = {}) {
  for (let start = from; start < to; start += block) yield { from: start, to: Math.min(start + block, to) };
}

export default function collatz(input: number | Block) {
  if (typeof input === "number") return way(input);
  let longest = way(input.from);
  for (let n = input.from + 1; n < input.to; n++) {
    const candidate = way(n);
    if (candidate.steps > longest.steps) longest = candidate;
  }
  return longest;
}

/** From n to 1: the steps, and the highest number on the way. */
function way(n: number) {
  let current = n, steps = 0, highest = n;
  while (current !== 1) {
    if (!Number.isSafeInteger(current) || current < 1) throw new RangeError(`Cannot follow ${n}: on its way comes ${current}`);
    current = current % 2 === 0 ? current / 2 : 3 * current + 1;
    if (current > highest) highest = current;
    steps++;
  }
  return { n, steps, highest };
}

const x = { field: "n", type: "quantitative", title: "Starting number", axis: { format: "~s" } } as const;
const y = { field: "steps", type: "quantitative", title: "Steps to 1" } as const;

/** All ways as a cloud, and the records: the numbers that take longer than every smaller one. */
export const view = {
  kind: "chart",
  spec: {
    width: 640, height: 360,
    data: { name: "outputs" },
    layer: [
      {
        mark: "rect",
        encoding: {
          x: { ...x, bin: { maxbins: 100 } }, y: { ...y, bin: { maxbins: 60 } },
          color: { aggregate: "count", type: "quantitative", title: "How many", scale: { type: "log", scheme: "blues" } },
        },
      },
      {
        transform: [
          { sort: [{ field: "n" }], window: [{ op: "max", field: "steps", as: "longest" }] },
          { sort: [{ field: "n" }], window: [{ op: "lag", field: "longest", as: "before" }] },
          { filter: "datum.before === null || datum.steps > datum.before" },
        ],
        layer: [
          { mark: { type: "line", interpolate: "step-after", color: "#c2410c" }, encoding: { x, y } },
          { mark: { type: "point", filled: true, size: 40, color: "#c2410c" }, encoding: { x, y, tooltip: [{ field: "n" }, { field: "steps" }, { field: "highest" }] } },
        ],
      },
    ],
  },
} as const;
