import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { fit, pan, resized, zoomAt, type Extent, type Point, type Viewport } from "./viewport.ts";

const KEY_ZOOM = 1.5;
const KEY_PAN_PIXELS = 60;
const WHEEL_ZOOM_PER_PIXEL = 0.002;

export interface Zoom {
  readonly paneRef: RefObject<HTMLDivElement | null>;
  readonly viewport: Viewport;
  readonly isWhole: boolean;
  readonly zoomBy: (factor: number) => void;
  readonly showWhole: () => void;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: (event: PointerEvent) => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

/** Zooming and moving a picture in its pane by wheel, drag, pinch and keys. */
export function useZoom(picture: Extent): Zoom {
  const paneRef = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Extent>(picture);
  const [viewport, setViewport] = useState(() => fit(picture, picture));
  const pointers = useRef(new Map<number, Point>());
  const middle = { x: pane.width / 2, y: pane.height / 2 };
  const whole = fit(picture, pane);

  const onResize = useEffectEvent((after: Extent) => {
    setViewport(resized(viewport, picture, pane, after));
    setPane(after);
  });
  const onWheel = useEffectEvent((event: WheelEvent) => {
    // Only when asked for: a page that cannot be scrolled past a picture is a trap.
    const asked = event.ctrlKey || event.metaKey || paneRef.current === document.activeElement;
    if (!asked) return;
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * WHEEL_ZOOM_PER_PIXEL);
    const point = pointIn(paneRef.current, event);
    setViewport((current) => zoomAt(current, point, factor, picture, pane));
  });
  useEffect(() => {
    const element = paneRef.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) onResize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    // React listens passively to wheels, so that preventDefault would do nothing.
    const wheel = (event: WheelEvent) => onWheel(event);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", wheel);
    };
  }, []);

  const zoomBy = (factor: number) => setViewport((current) => zoomAt(current, middle, factor, picture, pane));
  const showWhole = () => setViewport(fit(picture, pane));

  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const after = pointIn(paneRef.current, event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, after);
    setViewport((current) => moved(current, before, after, other, picture, pane));
  };
  const onPointerUp = (event: PointerEvent) => void pointers.current.delete(event.pointerId);
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, pointIn(paneRef.current, event));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event.key, picture, pane, middle);
    if (action === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setViewport(action);
  };
  return {
    paneRef, viewport, zoomBy, showWhole,
    isWhole: viewport.scale <= whole.scale,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onKeyDown },
  };
}

/** One pointer moves; with a second one it also zooms around the point between them. */
function moved(viewport: Viewport, before: Point, after: Point, other: Point | undefined, picture: Extent, pane: Extent): Viewport {
  if (other === undefined) return pan(viewport, after.x - before.x, after.y - before.y, picture, pane);
  const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
  const between = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
  const zoomed = zoomAt(viewport, between, apart(after) / apart(before), picture, pane);
  return pan(zoomed, (after.x - before.x) / 2, (after.y - before.y) / 2, picture, pane);
}

function keyAction(key: string, picture: Extent, pane: Extent, middle: Point): ((viewport: Viewport) => Viewport) | null {
  const by = (dx: number, dy: number) => (viewport: Viewport) => pan(viewport, dx, dy, picture, pane);
  switch (key) {
    case "+": case "=": return (viewport) => zoomAt(viewport, middle, KEY_ZOOM, picture, pane);
    case "-": return (viewport) => zoomAt(viewport, middle, 1 / KEY_ZOOM, picture, pane);
    case "0": return () => fit(picture, pane);
    case "ArrowLeft": return by(KEY_PAN_PIXELS, 0);
    case "ArrowRight": return by(-KEY_PAN_PIXELS, 0);
    case "ArrowUp": return by(0, KEY_PAN_PIXELS);
    case "ArrowDown": return by(0, -KEY_PAN_PIXELS);
    default: return null;
  }
}

function pointIn(element: HTMLElement | null, event: { readonly clientX: number; readonly clientY: number }): Point {
  const box = element?.getBoundingClientRect();
  return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
}
