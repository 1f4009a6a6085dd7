// A path tracer: glass, metal and matt spheres under an evening sky. Each task draws one tile, light path by light path.
import type { Task } from "../../sdk/task.ts";

interface Args {
  width?: number; height?: number; tile?: number; // pixels
  samples?: number; // light paths a pixel
}

interface Tile { x: number; y: number; width: number; height: number; imageWidth: number; imageHeight: number; samples: number }

type Vector = readonly [x: number, y: number, z: number];
interface Ray { readonly origin: Vector; readonly direction: Vector }
interface Sphere { readonly center: Vector; readonly radius: number; readonly color: Vector; readonly surface: "matt" | "metal" | "glass" | "light" }

export function* inputs({ width = 960, height = 540, tile = 60, samples = 200 }: Args = {}) {
  for (let y = 0; y < height; y += tile) {
    for (let x = 0; x < width; x += tile) {
      yield { x, y, width: Math.min(tile, width - x), height: Math.min(tile, height - y), imageWidth: width, imageHeight: height, samples };
    }
  }
}

export function view({ width = 960, height = 540 }: Args = {}) {
  return { kind: "image", width, height };
}

export default function draw(tile: Tile, task: Pick<Task, "random" | "progress">) {
  const { x, y, width, height, samples } = tile;
  const rgba = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let light: Vector = [0, 0, 0];
      for (let i = 0; i < samples; i++) {
        const ray = cameraRay(x + column + task.random(), y + row + task.random(), tile, task.random);
        light = add(light, trace(ray, task.random));
      }
      const [red, green, blue] = scale(light, 1 / samples);
      rgba.set([toByte(red), toByte(green), toByte(blue), 255], 4 * (row * width + column));
    }
    task.progress((row + 1) / height);
  }
  return { x, y, width, height, rgba };
}

const SPHERES: readonly Sphere[] = [
  { center: [0, -1000, 0], radius: 1000, color: [0.56, 0.52, 0.48], surface: "matt" }, // the ground
  { center: [-9, 12, 5], radius: 4.5, color: [9, 7.2, 5], surface: "light" },
  { center: [0, 1, 0], radius: 1, color: [0.98, 0.99, 1], surface: "glass" },
  { center: [-2.3, 1, -0.9], radius: 1, color: [0.7, 0.2, 0.13], surface: "matt" },
  { center: [2.3, 1, -0.6], radius: 1, color: [0.96, 0.8, 0.5], surface: "metal" },
  ...smallSpheres(),
];

/** A field of small spheres around the three large ones, set like the seeds of a sunflower so that none touch. */
function smallSpheres(): Sphere[] {
  const colors: Vector[] = [[0.1, 0.38, 0.42], [0.85, 0.6, 0.22], [0.55, 0.16, 0.24], [0.36, 0.5, 0.3], [0.8, 0.76, 0.68]];
  return Array.from({ length: 90 }, (_, i): Sphere => {
    const angle = 2.39996 * i, distance = 0.78 * Math.sqrt(i + 0.5), radius = 0.2 + 0.035 * (i % 5);
    const center: Vector = [distance * Math.cos(angle), radius, distance * Math.sin(angle)];
    if (i % 11 === 5) return { center, radius, color: [4, 2.4, 1.1], surface: "light" };
    if (i % 7 === 3) return { center, radius, color: [0.94, 0.99, 0.97], surface: "glass" };
    return { center, radius, color: colors[i % colors.length] ?? [1, 1, 1], surface: i % 4 === 1 ? "metal" : "matt" };
  }).filter(({ center: [x, , z] }) => [[0, 0], [-2.3, -0.9], [2.3, -0.6]].every(([cx = 0, cz = 0]) => Math.hypot(x - cx, z - cz) > 1.2));
}

/** A camera with a lens: what is not at the distance of the glass sphere is out of focus. */
function cameraRay(px: number, py: number, { imageWidth, imageHeight }: Tile, random: () => number): Ray {
  const eye: Vector = [1.2, 1.9, 8.5], target: Vector = [0, 0.75, 0];
  const forward = unit(subtract(target, eye));
  const right = unit(cross(forward, [0, 1, 0]));
  const up = cross(right, forward);
  const focus = 8.1, lens = 0.09, field = 0.33; // distance, radius, tangent of half the height of view
  const u = ((2 * px - imageWidth) / imageHeight) * field * focus, v = (1 - (2 * py) / imageHeight) * field * focus;
  const seen = add(eye, add(scale(forward, focus), add(scale(right, u), scale(up, v))));
  const angle = 2 * Math.PI * random(), off = lens * Math.sqrt(random());
  const origin = add(eye, add(scale(right, off * Math.cos(angle)), scale(up, off * Math.sin(angle))));
  return { origin, direction: unit(subtract(seen, origin)) };
}

/** Follows one light path backwards until it leaves the scene, meets a light, or has lost its strength. */
function trace(ray: Ray, random: () => number): Vector {
  let strength: Vector = [1, 1, 1];
  for (let bounce = 0; bounce < 16; bounce++) {
    const hit = nearest(ray);
    if (hit === undefined) return multiply(strength, sky(ray.direction));
    const { sphere, distance } = hit;
    if (sphere.surface === "light") return multiply(strength, sphere.color);
    const point = add(ray.origin, scale(ray.direction, distance));
    const normal = scale(subtract(point, sphere.center), 1 / sphere.radius);
    strength = multiply(strength, sphere.color);
    ray = { origin: point, direction: scatter(sphere, ray.direction, normal, random) };
  }
  return [0, 0, 0];
}

export function nearest({ origin, direction }: Ray): { sphere: Sphere; distance: number } | undefined {
  let found: Sphere | undefined, distance = Infinity;
  for (const sphere of SPHERES) {
    const [dx, dy, dz] = direction, ox = origin[0] - sphere.center[0], oy = origin[1] - sphere.center[1], oz = origin[2] - sphere.center[2];
    const half = dx * ox + dy * oy + dz * oz;
    const root = half * half - (ox * ox + oy * oy + oz * oz - sphere.radius * sphere.radius);
    if (root < 0) continue;
    const near = -half - Math.sqrt(root), far = -half + Math.sqrt(root);
    const at = near > 1e-4 ? near : far;
    if (at > 1e-4 && at < distance) { distance = at; found = sphere; }
  }
  return found && { sphere: found, distance };
}

/** Where light goes on from a surface. */
function scatter({ surface }: Sphere, direction: Vector, normal: Vector, random: () => number): Vector {
  const mirrored = subtract(direction, scale(normal, 2 * dot(direction, normal)));
  if (surface === "metal") return unit(add(mirrored, scale(onSphere(random), 0.04)));
  if (surface === "matt") return unit(add(normal, scale(onSphere(random), 0.9999)));
  // Glass: mirrors more the flatter the light comes in (Schlick), and bends the rest (Snell).
  const entering = dot(direction, normal) < 0;
  const outward = entering ? normal : scale(normal, -1);
  const ratio = entering ? 1 / 1.5 : 1.5;
  const cosine = -dot(direction, outward);
  const bent = 1 - ratio * ratio * (1 - cosine * cosine);
  if (bent < 0 || 0.04 + 0.96 * (1 - cosine) ** 5 > random()) return mirrored;
  return add(scale(direction, ratio), scale(outward, ratio * cosine - Math.sqrt(bent)));
}

/** Dusk: warm at the horizon, blue above. */
function sky(direction: Vector): Vector {
  const height = Math.min(1, 2.2 * Math.max(direction[1], 0)) ** 0.6;
  return [1.05 - 0.95 * height, 0.66 - 0.4 * height, 0.46 + 0.12 * height];
}

function onSphere(random: () => number): Vector {
  const z = 2 * random() - 1, angle = 2 * Math.PI * random(), r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
}

/** Bright light fades out softly instead of being cut off; then the screen's gamma. */
function toByte(light: number): number {
  return 255 * Math.min(1, (1 - Math.exp(-1.1 * light)) ** (1 / 2.2));
}

function add(a: Vector, b: Vector): Vector { return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]; }
function subtract(a: Vector, b: Vector): Vector { return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]; }
function multiply(a: Vector, b: Vector): Vector { return [a[0] * b[0], a[1] * b[1], a[2] * b[2]]; }
function scale(a: Vector, by: number): Vector { return [a[0] * by, a[1] * by, a[2] * by]; }
function dot(a: Vector, b: Vector): number { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
function unit(a: Vector): Vector { return scale(a, 1 / Math.sqrt(dot(a, a))); }
function cross(a: Vector, b: Vector): Vector { return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]; }
