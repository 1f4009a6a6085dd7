import { describe } from "vitest";
import { hostileCorpus } from "./corpus.ts";

describe("hostile jobs in Firefox (R8, R9)", () => {
  hostileCorpus("firefox");
});
