import { parse, View } from "vega";
import { compile } from "vega-lite";
import type { ScenarioResult } from "./run-scenario.ts";

const WIDTH = 900;
const PANEL_HEIGHT = 180;

/** SVG: the share of the present capacity that worked, and that capacity, over virtual time. */
export async function plotUtilisation(title: string, { timeline, endMs }: ScenarioResult): Promise<string> {
  const values = timeline.bins(endMs).map(({ atMs, capacity, utilisation }) => ({ second: atMs / 1_000, capacity, utilisation }));
  const x = { field: "second", type: "quantitative", title: "virtual time, s" } as const;
  const { spec } = compile({
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title,
    data: { values },
    vconcat: [
      { width: WIDTH, height: PANEL_HEIGHT, mark: { type: "area", interpolate: "step" }, encoding: { x, y: { field: "utilisation", type: "quantitative", title: "utilisation", scale: { domain: [0, 1] }, axis: { format: ".0%" } } } },
      { width: WIDTH, height: PANEL_HEIGHT, mark: { type: "line", interpolate: "step" }, encoding: { x, y: { field: "capacity", type: "quantitative", title: "capacity, slots × speed" } } },
    ],
  });
  const view = new View(parse(spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
