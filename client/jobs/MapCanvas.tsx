import { useEffect, useRef } from "react";
import type { TaskMap } from "../../protocol/http/job.ts";
import { drawTaskMap, taskMapColours } from "./draw-task-map.ts";
import { mapLayout } from "./task-map-layout.ts";

/** The drawn map; beside it stands what it shows, in words. It reads the colours once: give it a new key with another scheme. */
export function MapCanvas({ map, width }: { readonly map: TaskMap; readonly width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height } = mapLayout(map.buckets.length, width);
  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    drawTaskMap(canvas.current, map, mapLayout(map.buckets.length, width), taskMapColours(canvas.current), devicePixelRatio);
  }, [map, width]);
  return <canvas ref={canvas} aria-hidden="true" style={{ display: "block", width: "100%", height }} />;
}
