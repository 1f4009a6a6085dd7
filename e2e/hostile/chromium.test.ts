import { describe } from "vitest";
import { hostileCorpus } from "./corpus.ts";

describe("hostile jobs in Chromium (R8, R9)", () => {
  hostileCorpus("chromium");
});
