const BODIES = 5;
const STEPS = 10_000;
const STEP = 0.01;
const SOFTENING = 0.01;

/** Energy of five bodies that drew each other for ten thousand steps, from places made of the seed. */
export default function nBody(seed: number): number {
  const place = Float64Array.from({ length: 3 * BODIES }, (_, i) => Math.sin(seed + 1 + i * 7.3) * 10);
  const velocity = new Float64Array(3 * BODIES);
  const mass = Float64Array.from({ length: BODIES }, (_, i) => 1 + i);
  for (let step = 0; step < STEPS; step++) {
    attract(place, velocity, mass);
    for (let i = 0; i < place.length; i++) place[i] = at(place, i) + STEP * at(velocity, i);
  }
  let energy = 0;
  for (let i = 0; i < velocity.length; i++) energy += 0.5 * at(mass, Math.floor(i / 3)) * at(velocity, i) ** 2;
  return energy;
}

function attract(place: Float64Array, velocity: Float64Array, mass: Float64Array): void {
  for (let i = 0; i < BODIES; i++) {
    for (let j = i + 1; j < BODIES; j++) {
      const x = at(place, 3 * i) - at(place, 3 * j);
      const y = at(place, 3 * i + 1) - at(place, 3 * j + 1);
      const z = at(place, 3 * i + 2) - at(place, 3 * j + 2);
      const square = x * x + y * y + z * z + SOFTENING;
      const pull = STEP / (square * Math.sqrt(square));
      push(velocity, i, -pull * at(mass, j), x, y, z);
      push(velocity, j, pull * at(mass, i), x, y, z);
    }
  }
}

function push(velocity: Float64Array, body: number, pull: number, x: number, y: number, z: number): void {
  velocity[3 * body] = at(velocity, 3 * body) + x * pull;
  velocity[3 * body + 1] = at(velocity, 3 * body + 1) + y * pull;
  velocity[3 * body + 2] = at(velocity, 3 * body + 2) + z * pull;
}

function at(values: Float64Array, i: number): number {
  return values[i] ?? 0;
}
