import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, defaultSlots, parseSettings, settingsSchema, suggestedName } from "./settings.ts";

test("parseSettings: nothing stored gives the defaults", () => {
  expect(parseSettings(null)).toEqual({ computeServerName: "", slots: null, cpuShare: 1, keepComputingInBackground: false });
});

test("parseSettings: one broken field falls back alone", () => {
  expect(parseSettings('{"computeServerName":"attic","slots":0,"cpuShare":0.5}')).toEqual({ ...DEFAULT_SETTINGS, computeServerName: "attic", cpuShare: 0.5 });
});

test("parseSettings: any text gives settings that fit their schema (R9)", () => {
  const stored = fc.oneof(fc.string(), fc.json(), fc.object().map((object) => JSON.stringify(object)));
  fc.assert(fc.property(stored, (text) => {
    const settings = parseSettings(text);
    expect(settingsSchema.parse(settings)).toEqual(settings);
  }));
});

test("parseSettings: reads back what was written", () => {
  const settings = { computeServerName: "attic", slots: 3, cpuShare: 0.25, keepComputingInBackground: true };
  expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
});

test("defaultSlots: one core stays with the owner, and one slot there always is", () => {
  expect([0, 1, 2, 8, 5_000].map(defaultSlots)).toEqual([1, 1, 1, 7, 1_024]);
});

test("suggestedName: says browser and system", () => {
  expect(suggestedName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")).toBe("Chromium on Linux");
  expect(suggestedName("Mozilla/5.0 (Windows NT 10.0; rv:153.0) Gecko/20100101 Firefox/153.0")).toBe("Firefox on Windows");
  expect(suggestedName("curl")).toBe("A browser");
});
