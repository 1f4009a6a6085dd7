import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import sharp from "sharp";
import { encodeValue } from "../../protocol/value.ts";
import { ChartRenderer } from "./chart-renderer.ts";
import { ChartSample } from "./chart-sample.ts";

const QUANTITATIVE_X = { x: { field: "x", type: "quantitative" } };

const charts = new ChartRenderer();
afterAll(() => charts.close());

function sampleOf(outputs: readonly unknown[]): ChartSample {
  const sample = new ChartSample(outputs.length);
  outputs.forEach((output, index) => sample.add(index, encodeValue(output)));
  return sample;
}
const points = sampleOf(Array.from({ length: 50 }, (_, x) => ({ x, y: x * x })));

describe("ChartRenderer", () => {
  test("ChartRenderer: outputs are the data, named or not, on a background that can be seen", async () => {
    const encoding = { ...QUANTITATIVE_X, y: { field: "y", type: "quantitative" } };
    const unnamed = await charts.svg({ mark: "point", encoding }, points);
    const named = await charts.svg({ mark: "point", data: { name: "outputs" }, background: "transparent", encoding }, points);
    expect(unnamed).toBe(named);
    expect(unnamed.match(/aria-roledescription="point"/g)).toHaveLength(50);
    const { data } = await sharp(Buffer.from(unnamed)).raw().toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  test("ChartRenderer: a chart without a single result yet is drawn empty", async () => {
    expect(await charts.svg({ mark: "bar", encoding: QUANTITATIVE_X }, new ChartSample(10))).toMatch(/^<svg/);
  });

  test("ChartRenderer: expressions work, without code made from text", async () => {
    const svg = await charts.svg({
      transform: [{ calculate: "'label ' + (datum.x * 2)", as: "label" }, { filter: "datum.x === 21" }],
      mark: "text", encoding: { text: { field: "label" } },
    }, points);
    expect(svg).toContain("label 42");
  });

  test("ChartRenderer: hostile text stays text", async () => {
    const svg = await charts.svg({ title: "</text><script>alert(1)</script>", mark: { type: "text", fill: '"/><script>' }, encoding: { text: { value: "<script>" } } }, points);
    expect(svg).not.toContain("<script");
  });

  test.each([
    ["it is no Vega-Lite", { marks: [] }, /it is no Vega-Lite specification/],
    ["a mark is unknown", { mark: "nope", encoding: QUANTITATIVE_X }, /Cannot draw this chart: Vega-Lite makes no sense of its specification .*Check its marks/],
    ["a transform is unknown", { mark: "bar", transform: [{ calculate: "not an expression (", as: "y" }] }, /Cannot draw this chart: /],
    ["an expression reaches for the constructor", { mark: "point", transform: [{ calculate: "constructor.constructor('return process')()", as: "y" }] }, /Cannot draw this chart: /],
  ])("ChartRenderer: an error told in words when %s", async (_, spec, message) => {
    await expect(charts.svg(spec, points)).rejects.toMatchObject({ kind: "invalid-request", message: expect.stringMatching(message) });
    expect(await charts.svg({ mark: "point", encoding: QUANTITATIVE_X }, points)).toMatch(/^<svg/);
  });

  test("ChartRenderer: a specification that eats all memory ends its own process, not the hub, and the next chart is drawn", async () => {
    const greedy = { data: { sequence: { start: 0, stop: 1e10 } }, mark: "point", encoding: { x: { field: "data", type: "quantitative" } } };
    await expect(charts.svg(greedy, points)).rejects.toMatchObject({ kind: "invalid-request" });
    expect(await charts.svg({ mark: "point", encoding: QUANTITATIVE_X }, points)).toMatch(/^<svg/);
  });

  test("ChartRenderer: closing while a chart is drawn tells whoever waits", async () => {
    const closing = new ChartRenderer();
    const drawn = closing.svg({ mark: "point", encoding: QUANTITATIVE_X }, points);
    closing.close();
    await expect(drawn).rejects.toThrow("Cannot draw this chart: the hub is stopping");
  });
});

describe("ChartRenderer, against a canary", () => {
  const hits: string[] = [];
  let canary: Server;
  let url = "";
  beforeAll(async () => {
    canary = createServer((request, response) => {
      hits.push(request.url ?? "");
      response.end("[]");
    });
    await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
    const address = canary.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    await fetch(`${url}/control`);
    expect(hits.splice(0)).toEqual(["/control"]);
  });
  afterAll(async () => { await new Promise((resolve) => canary.close(resolve)); });

  const hostile: readonly (readonly [string, (url: string) => Record<string, unknown>])[] = [
    ["data from a URL", (to) => ({ data: { url: `${to}/data.json` }, mark: "point", encoding: QUANTITATIVE_X })],
    ["data from a data: URL", () => ({ data: { url: "data:application/json,[]" }, mark: "point", encoding: QUANTITATIVE_X })],
    ["data from a file", () => ({ data: { url: "file:///etc/hostname", format: { type: "csv" } }, mark: "point", encoding: QUANTITATIVE_X })],
    ["data from a relative path", () => ({ data: { url: "/etc/hostname", format: { type: "csv" } }, mark: "point", encoding: QUANTITATIVE_X })],
    ["a lookup in a URL", (to) => ({ mark: "point", transform: [{ lookup: "x", from: { data: { url: `${to}/lookup.json` }, key: "x", fields: ["z"] } }], encoding: QUANTITATIVE_X })],
    ["a layer with a URL", (to) => ({ layer: [{ mark: "point", encoding: QUANTITATIVE_X }, { data: { url: `${to}/layer.json` }, mark: "rule", encoding: QUANTITATIVE_X }] })],
    ["image marks", (to) => ({ mark: { type: "image", url: `${to}/a.png`, width: 5, height: 5 }, encoding: QUANTITATIVE_X })],
    ["image marks from the outputs", (to) => ({ mark: { type: "image", width: 5, height: 5 }, transform: [{ calculate: `'${to}/b.png'`, as: "u" }], encoding: { ...QUANTITATIVE_X, url: { field: "u" } } })],
    ["links", () => ({ mark: { type: "point", href: "javascript:alert(1)" }, encoding: QUANTITATIVE_X })],
    ["a fill from a URL", (to) => ({ mark: { type: "point", fill: `url(${to}/fill.svg#a)` }, encoding: QUANTITATIVE_X })],
    ["a fill from a URL with an escape", (to) => ({ mark: { type: "point", fill: `u\\72l(${to}/fill.svg#a)` }, encoding: QUANTITATIVE_X })],
    ["a font with an import", (to) => ({ mark: { type: "text", font: `x; @import url(${to}/font.css)` }, encoding: { ...QUANTITATIVE_X, text: { value: "t" } } })],
  ];

  test.each(hostile)("ChartRenderer: loads nothing and says so: %s", async (_, specFor) => {
    await expect(charts.svg(specFor(url), points)).rejects.toMatchObject({ kind: "invalid-request", message: expect.stringMatching(/Cannot draw this chart: .*(loads|would load)/) });
    expect(hits).toEqual([]);
  });
});
