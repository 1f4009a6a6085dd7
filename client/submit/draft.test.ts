import { expect, test } from "vitest";
import { EMPTY_DRAFT, loadDraft, saveDraft } from "./draft.ts";

function memory() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => void items.set(key, text),
  };
}

test("saveDraft, loadDraft: what was typed comes back", () => {
  const storage = memory();
  expect(loadDraft(storage)).toBeNull();
  const draft = { ...EMPTY_DRAFT, source: "export default (n) => n", range: { start: 1, end: null, step: null } };
  expect(saveDraft(storage, draft)).toBe(true);
  expect(loadDraft(storage)).toEqual(draft);
});

test("saveDraft: large data is left out, the rest is kept", () => {
  const storage = memory();
  saveDraft(storage, { ...EMPTY_DRAFT, argsText: "{}", data: { format: "csv", text: "x".repeat(600_000), fileName: "big.csv" } });
  expect(loadDraft(storage)).toEqual({ ...EMPTY_DRAFT, argsText: "{}" });
});

test("loadDraft: what is no draft of this version is none", () => {
  const storage = memory();
  saveDraft(storage, EMPTY_DRAFT);
  for (const key of storage.items.keys()) {
    storage.items.set(key, "{oops");
    expect(loadDraft(storage)).toBeNull();
    storage.items.set(key, '{"source":1}');
    expect(loadDraft(storage)).toBeNull();
  }
});

test("saveDraft: tells when the browser keeps nothing", () => {
  const full = { setItem: () => { throw new DOMException("full", "QuotaExceededError"); } };
  expect(saveDraft(full, EMPTY_DRAFT)).toBe(false);
});
