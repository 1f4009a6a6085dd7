import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import * as vegaLite from "vega-lite";
import { chartRows } from "./chart-rows.ts";
import { backgroundOf, CHART_CONFIG, CHART_HEIGHT, CHART_WIDTH } from "./chart-theme.ts";

// Draws charts in a process of its own, so that a stranger's specification can take neither the hub's event loop nor
// its memory. (A thread will not do: out of memory at the wrong place, V8 ends the whole process of it.) Expressions
// are interpreted, never compiled; whatever would be loaded is refused.

export interface ChartRequest {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly indexes: readonly number[];
  /** Packed values, one an index. */
  readonly packed: Uint8Array;
}

export type ChartAnswer = { readonly svg: string } | { readonly error: string };

/** The name under which a specification finds the outputs. */
const OUTPUTS = "outputs";
const COMPOSITIONS = ["mark", "layer", "concat", "hconcat", "vconcat", "repeat", "facet"];
/** SVG attributes through which a style could load something. */
const LOADING_STYLE = /\s(?:style|fill|stroke|filter|mask|clip-path|cursor|font-family|marker[a-z-]*)="[^"]*(?:url\((?!#)|image|src\(|@|\\)/i;

process.on("disconnect", () => process.exit());
process.on("message", (request: ChartRequest) => {
  draw(request).then(
    (svg) => answer({ svg }),
    (error: unknown) => answer({ error: wordsOf(error) }),
  );
});

/** The compiler stumbles over some mistakes instead of naming them. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `Vega-Lite makes no sense of its specification (${error.message}). Check its marks, encodings and transforms`;
}

function answer(message: ChartAnswer): void {
  process.send?.(message);
}

async function draw({ spec, indexes, packed }: ChartRequest): Promise<string> {
  const complaints: string[] = [];
  const compiled = compile(spec, complaints);
  const view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: "none",
    loader: refusingLoader(complaints),
    logger: listener(complaints),
  });
  try {
    if (compiled.data?.some(({ name }) => name === OUTPUTS) === true) view.data(OUTPUTS, chartRows(indexes, packed));
    const svg = await view.toSVG();
    if (complaints[0] !== undefined) throw new Error(complaints[0]);
    if (LOADING_STYLE.test(svg)) throw new Error("a colour or a style in it would load something; use plain colours");
    return svg;
  } finally {
    view.finalize();
  }
}

function compile(spec: ChartRequest["spec"], complaints: string[]): vega.Spec {
  const complete = {
    ...spec,
    ...(spec["data"] === undefined ? { data: { name: OUTPUTS } } : {}),
    ...(spec["width"] === "container" ? { width: CHART_WIDTH } : {}),
    ...(spec["height"] === "container" ? { height: CHART_HEIGHT } : {}),
    background: backgroundOf(spec["background"]),
  };
  if (!isComposed(complete)) throw new Error(`it is no Vega-Lite specification: it has none of ${COMPOSITIONS.join(", ")}`);
  return vegaLite.compile(complete, { config: CHART_CONFIG, logger: listener(complaints) }).spec;
}

/** What the compiler starts from. Everything below it the compiler checks itself, and it throws. */
function isComposed(spec: Readonly<Record<string, unknown>>): spec is Readonly<Record<string, unknown>> & vegaLite.TopLevelSpec {
  return COMPOSITIONS.some((composition) => spec[composition] !== undefined);
}

/** Vega goes on when something cannot be loaded, or a link cleaned: so refusals are noted, and nothing harmful is answered. */
function refusingLoader(complaints: string[]): vega.Loader {
  const refuse = (uri: unknown) => {
    complaints.push(`it loads or links ${JSON.stringify(String(uri).slice(0, 200))}; a chart shows the outputs of its job, { "data": { "name": "${OUTPUTS}" } }, and loads nothing`);
  };
  const refuseText = async (uri: unknown) => {
    refuse(uri);
    return "[]";
  };
  const refuseLink = async (uri: unknown) => {
    refuse(uri);
    return { href: "" };
  };
  return { load: refuseText, http: refuseText, file: refuseText, sanitize: refuseLink };
}

/** Notes errors. Warnings, such as of an empty domain before the first result, are of no use to who looks at a chart. */
function listener(complaints: string[]): vega.LoggerInterface {
  return vega.logger(vega.Error, undefined, (_method: string, _level: string, message: readonly unknown[]) => {
    complaints.push(message.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
  });
}
