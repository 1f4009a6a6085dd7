// The Mandelbrot set. Each task draws one tile of the picture.

interface Args {
  width?: number; height?: number; tile?: number; // pixels
  centerX?: number; centerY?: number; // the point in the middle
  zoom?: number; // 1 shows the whole set
  maxIterations?: number;
}

interface Tile {
  x: number; y: number; width: number; height: number; // pixels
  left: number; top: number; pixel: number; // where the tile begins in the complex plane, and the side of a pixel
  maxIterations: number;
}

export function* inputs({ width = 1920, height = 1080, tile = 64, centerX = -0.65, centerY = 0, zoom = 1, maxIterations = 2000 }: Args = {}) {
  const pixel = 2.5 / (zoom * Math.min(width, height));
  const left = centerX - (width / 2) * pixel;
  const top = centerY - (height / 2) * pixel;
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      const size = { width: Math.min(tile, width - x), height: Math.min(tile, height - y) };
      yield { x, y, ...size, left: left + x * pixel, top: top + y * pixel, pixel, maxIterations };
    }
  }
}

export function view({ width = 1920, height = 1080 }: Args = {}) {
  return { kind: "image", width, height };
}

export default function draw({ x, y, width, height, left, top, pixel, maxIterations }: Tile) {
  const rgba = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Four points a pixel make the edge smooth.
      let red = 0, green = 0, blue = 0;
      for (const dy of [0.25, 0.75]) {
        for (const dx of [0.25, 0.75]) {
          const [r, g, b] = color(escapeTime(left + (column + dx) * pixel, top + (row + dy) * pixel, maxIterations));
          red += r; green += g; blue += b;
        }
      }
      rgba.set([red / 4, green / 4, blue / 4, 255], 4 * (row * width + column));
    }
  }
  return { x, y, width, height, rgba };
}

/** After how many steps of z → z² + c the point c has escaped, with a smooth fraction; Infinity where it does not. */
export function escapeTime(cx: number, cy: number, maxIterations: number): number {
  // The two largest parts of the set are known.
  const q = (cx - 0.25) ** 2 + cy ** 2;
  if (q * (q + cx - 0.25) <= cy ** 2 / 4 || (cx + 1) ** 2 + cy ** 2 <= 1 / 16) return Infinity;
  let x = 0, y = 0;
  for (let steps = 0; steps < maxIterations; steps++) {
    const xx = x * x, yy = y * y;
    if (xx + yy > 2 ** 16) return steps + 1 - Math.log2(Math.log2(xx + yy) / 2);
    y = 2 * x * y + cy;
    x = xx - yy + cx;
  }
  return Infinity;
}

/** Night blue far out, then light blue, cream and rust in turns towards the edge, black inside. */
function color(steps: number): [red: number, green: number, blue: number] {
  if (steps === Infinity) return [0, 0, 0];
  const turn = 3.9 * Math.log(Math.max(steps, 0) + 1) - 2.9;
  const wave = (phase: number, low: number, high: number) => low + (high - low) * (0.5 - 0.5 * Math.cos(turn - phase));
  return [wave(1.1, 8, 255), wave(0.55, 12, 235), wave(0, 48, 225)];
}
