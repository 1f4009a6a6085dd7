const SIDE = 512;
const ITERATIONS = 400;

/** Iterations of all points of one row of the Mandelbrot set, added up. */
export default function mandelbrot(row: number): number {
  const y = ((row % SIDE) / SIDE) * 2.4 - 1.2;
  let total = 0;
  for (let column = 0; column < 4 * SIDE; column++) total += iterations((column / (4 * SIDE)) * 3.2 - 2.2, y);
  return total;
}

function iterations(x: number, y: number): number {
  let [real, imaginary, count] = [0, 0, 0];
  while (count < ITERATIONS) {
    const [realSquare, imaginarySquare] = [real * real, imaginary * imaginary];
    if (realSquare + imaginarySquare > 4) break;
    imaginary = 2 * real * imaginary + y;
    real = realSquare - imaginarySquare + x;
    count++;
  }
  return count;
}
