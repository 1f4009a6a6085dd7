import type { StoredJob } from "../archive/archive.ts";
import type { ChartRenderer } from "./chart-renderer.ts";
import { ChartSample } from "./chart-sample.ts";
import { TileCanvas } from "./tile-canvas.ts";

/** A picture of a job's outputs in the making: takes outputs as they come, in any order, and some of them twice. */
export interface Drawing {
  /** Memory that it holds now. */
  readonly bytes: number;
  /** Outputs so far that could not be drawn. */
  readonly skipped: number;
  wants(index: number): boolean;
  /** One encoded output, or undefined where its bytes are missing. */
  add(index: number, encoded: Uint8Array | undefined): void;
  render(purpose: "growing" | "final"): Promise<Uint8Array>;
}

/** Kinds of view that have a picture, and as what it is kept. */
export const PICTURE_FORMATS = {
  image: { contentType: "image/png", extension: "png" },
  chart: { contentType: "image/svg+xml", extension: "svg" },
} as const;
export type PictureKind = keyof typeof PICTURE_FORMATS;

/** Undefined where the job's view has no picture. */
export function pictureKindOf({ view }: StoredJob): PictureKind | undefined {
  return view?.kind === "image" || view?.kind === "chart" ? view.kind : undefined;
}

/** An empty drawing for the job; undefined where its view has no picture. */
export function beginDrawing({ view, tasks }: StoredJob, charts: ChartRenderer): Drawing | undefined {
  if (view?.kind === "image") return imageDrawing(new TileCanvas(view));
  if (view?.kind === "chart") return chartDrawing(view.spec, new ChartSample(tasks), charts);
  return undefined;
}

function imageDrawing(canvas: TileCanvas): Drawing {
  return {
    bytes: canvas.bytes,
    get skipped() { return canvas.skipped; },
    wants: () => true,
    add: (index, encoded) => canvas.draw(index, encoded),
    render: (purpose) => canvas.png(purpose),
  };
}

function chartDrawing(spec: Readonly<Record<string, unknown>>, sample: ChartSample, charts: ChartRenderer): Drawing {
  return {
    get bytes() { return sample.bytes; },
    skipped: 0,
    wants: (index) => sample.wants(index),
    add: (index, encoded) => {
      if (encoded !== undefined) sample.add(index, encoded);
    },
    render: async () => new TextEncoder().encode(await charts.svg(spec, sample)),
  };
}
