import fc from "fast-check";
import { expect, test } from "vitest";
import { fit, pan, resized, zoomAt, type Viewport } from "./viewport.ts";

const picture = { width: 1920, height: 1080 };
const pane = { width: 960, height: 600 };

test("fit: the whole picture is seen, centred, and a small one at most four times its size", () => {
  expect(fit(picture, pane)).toEqual({ scale: 0.5, x: 0, y: 30 });
  expect(fit({ width: 100, height: 100 }, pane)).toEqual({ scale: 4, x: 280, y: 100 });
});

test("zoomAt: what lies under the pointer stays under it while the picture fills the pane", () => {
  const near = zoomAt(fit(picture, pane), { x: 480, y: 300 }, 4, picture, pane);
  const point = { x: 300, y: 200 };
  const under = (viewport: Viewport) => ({ x: (point.x - viewport.x) / viewport.scale, y: (point.y - viewport.y) / viewport.scale });
  const nearer = zoomAt(near, point, 1.5, picture, pane);
  expect(nearer.scale).toBe(3);
  expect(under(nearer).x).toBeCloseTo(under(near).x);
  expect(under(nearer).y).toBeCloseTo(under(near).y);
});

test("zoomAt: ends at the whole picture on one side and at 40 times on the other", () => {
  expect(zoomAt(fit(picture, pane), { x: 0, y: 0 }, 0.001, picture, pane)).toEqual(fit(picture, pane));
  expect(zoomAt(fit(picture, pane), { x: 0, y: 0 }, 1e9, picture, pane).scale).toBe(40);
});

test("pan, zoomAt: no gap opens beside a picture that is larger than its pane", () => {
  const move = fc.record({ dx: fc.integer({ min: -5000, max: 5000 }), dy: fc.integer({ min: -5000, max: 5000 }), factor: fc.double({ min: 0.3, max: 3, noNaN: true }) });
  fc.assert(fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
    let viewport = fit(picture, pane);
    for (const { dx, dy, factor } of moves) {
      viewport = zoomAt(viewport, { x: 100, y: 100 }, factor, picture, pane);
      viewport = pan(viewport, dx, dy, picture, pane);
      const right = viewport.x + picture.width * viewport.scale;
      if (picture.width * viewport.scale > pane.width + 1e-6) {
        expect(viewport.x).toBeLessThanOrEqual(1e-6);
        expect(right).toBeGreaterThanOrEqual(pane.width - 1e-6);
      } else expect(viewport.x).toBeCloseTo((pane.width - picture.width * viewport.scale) / 2);
    }
  }));
});

test("resized: a picture seen whole is seen whole in the new pane", () => {
  const after = { width: 390, height: 500 };
  expect(resized(fit(picture, pane), picture, pane, after)).toEqual(fit(picture, after));
});

test("resized: a picture zoomed in keeps its middle", () => {
  const near = zoomAt(fit(picture, pane), { x: 480, y: 300 }, 8, picture, pane);
  const after = { width: 800, height: 500 };
  const smaller = resized(near, picture, pane, after);
  expect((400 - smaller.x) / smaller.scale).toBeCloseTo((480 - near.x) / near.scale);
});
