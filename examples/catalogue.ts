import type { ViewKind } from "../protocol/http/view.ts";
import type { Json } from "../protocol/value-json.ts";
import { SAMPLE_FASTA, SAMPLE_QUERY } from "./sequence-alignment/sample.ts";
import { SAMPLE_TEXT } from "./word-count/sample.ts";

/** What the submit page tells of an example. Its code is `examples/<id>/job.ts`, which imports nothing. */
export interface Example {
  readonly id: string;
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly view: ViewKind;
  /** For the module's own `inputs(args)` and `view(args)`. What the module has a default for may be left out. */
  readonly args: { readonly [name: string]: Json };
}

export const EXAMPLES: readonly Example[] = [
  {
    id: "mandelbrot",
    name: "Mandelbrot set",
    description: "The famous fractal, smoothly coloured, drawn tile by tile; zoom in as far as you like.",
    view: "image",
    args: { width: 1920, height: 1080, tile: 64, centerX: -0.65, centerY: 0, zoom: 1, maxIterations: 2000 },
  },
  {
    id: "path-tracer",
    name: "Path tracer",
    description: "Glass, metal and matt spheres at dusk, lit by following two hundred light paths for every pixel.",
    view: "image",
    args: { width: 960, height: 540, tile: 60, samples: 200 },
  },
  {
    id: "monte-carlo-option",
    name: "Monte Carlo option price",
    description: "The price of a stock option from millions of simulated years, closing in on the exact formula.",
    view: "chart",
    args: { spot: 100, strike: 105, rate: 0.03, volatility: 0.25, years: 1, batches: 300, paths: 10_000 },
  },
  {
    id: "collatz",
    name: "Collatz conjecture",
    description: "How many steps each number takes to come down to 1, and which ones hold the record.",
    view: "chart",
    args: { from: 1, to: 10_000_000, block: 20_000 },
  },
  {
    id: "sequence-alignment",
    name: "Sequence alignment",
    description: "A protein compared with every record of a FASTA list by Smith and Waterman's algorithm.",
    view: "table",
    args: { query: SAMPLE_QUERY, fasta: SAMPLE_FASTA },
  },
  {
    id: "word-count",
    name: "Word count",
    description: "How often each word stands in a text, in any language.",
    view: "table",
    args: { text: SAMPLE_TEXT },
  },
];
