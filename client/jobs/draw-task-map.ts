import type { TaskMap } from "../../protocol/http/job.ts";
import type { MapLayout } from "./task-map-layout.ts";

export interface TaskMapColours {
  readonly done: string;
  readonly failed: string;
  readonly running: string;
  readonly pending: string;
}

/** The colours of the tokens as they stand for this element now. */
export function taskMapColours(element: Element): TaskMapColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--mh-${name}`);
  return { done: token("done"), failed: token("failed"), running: token("running"), pending: token("pending") };
}

/** A tile that holds a failure shows at least this much of it: one among a million must be seen. */
const FAILURE_SHARE_MIN = 0.35;

/** Draws the map. Within a tile what is done fills from the left, then failed, then running. */
export function drawTaskMap(canvas: HTMLCanvasElement, map: TaskMap, layout: MapLayout, colours: TaskMapColours, pixelRatio: number): void {
  const { columns, pitch, tile } = layout;
  canvas.width = Math.round(canvas.clientWidth * pixelRatio);
  canvas.height = Math.round(layout.height * pixelRatio);
  const context = canvas.getContext("2d");
  if (context === null) return; // The words beside the canvas tell the same.
  context.scale(pixelRatio, pixelRatio);
  map.buckets.forEach((bucket, i) => {
    const x = (i % columns) * pitch;
    const y = Math.floor(i / columns) * pitch;
    context.fillStyle = colours.pending;
    context.fillRect(x, y, tile, tile);
    const tasks = bucket.to - bucket.from;
    const failed = bucket.failed === 0 ? 0 : Math.max(FAILURE_SHARE_MIN, bucket.failed / tasks);
    const done = Math.min(bucket.done / tasks, 1 - failed);
    const running = Math.min(bucket.running / tasks, 1 - failed - done);
    let left = x;
    for (const [share, colour] of [[done, colours.done], [failed, colours.failed], [running, colours.running]] as const) {
      context.fillStyle = colour;
      context.fillRect(left, y, share * tile, tile);
      left += share * tile;
    }
  });
}
