/** Behind every chart: a card that is legible on a light page and on a dark one. */
const CARD = "#ffffff";
const INK = "#1f2933";
const MUTED = "#52606d";
const LINE = "#d9dee4";

export const CHART_WIDTH = 640;
export const CHART_HEIGHT = 360;

/** Defaults of every chart; a specification's own `config` goes before them. */
export const CHART_CONFIG = {
  background: CARD,
  padding: 16,
  font: "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
  view: { stroke: LINE, continuousWidth: CHART_WIDTH, continuousHeight: CHART_HEIGHT },
  axis: { labelColor: MUTED, titleColor: INK, gridColor: LINE, domainColor: LINE, tickColor: LINE, labelFontSize: 12, titleFontSize: 13, titleFontWeight: 500 },
  legend: { labelColor: MUTED, titleColor: INK, labelFontSize: 12, titleFontSize: 13 },
  header: { labelColor: MUTED, titleColor: INK },
  title: { color: INK, fontSize: 16, fontWeight: 600 },
} as const;

/** A specification's own background where it has one that can be seen: nobody knows on what page a chart will stand. */
export function backgroundOf(background: unknown): string {
  return typeof background === "string" && background !== "" && !/transparent|none/i.test(background) ? background : CARD;
}
