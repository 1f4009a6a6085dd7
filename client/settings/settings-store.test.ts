import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { SettingsStore } from "./settings-store.ts";

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  full = false;
  get length() { return this.#items.size; }
  clear() { this.#items.clear(); }
  getItem(key: string) { return this.#items.get(key) ?? null; }
  key(index: number) { return [...this.#items.keys()][index] ?? null; }
  removeItem(key: string) { this.#items.delete(key); }
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.#items.set(key, value);
  }
}

test("SettingsStore: a change is there for the next page", () => {
  const storage = new MemoryStorage();
  new SettingsStore(storage).change({ slots: 3 });
  expect(new SettingsStore(storage).read()).toEqual({ ...DEFAULT_SETTINGS, slots: 3 });
});

test("SettingsStore: every change is a new object and is told", () => {
  const store = new SettingsStore(new MemoryStorage());
  const before = store.read();
  let told = 0;
  const stop = store.subscribe(() => told++);
  store.change({ cpuShare: 0.5 });
  expect(store.read()).not.toBe(before);
  stop();
  store.change({ cpuShare: 0.6 });
  expect(told).toBe(1);
});

test("SettingsStore: says so when nothing can be kept, and goes on", () => {
  const storage = new MemoryStorage();
  const store = new SettingsStore(storage);
  expect(store.isKept()).toBe(true);
  storage.full = true;
  store.change({ slots: 2 });
  expect(store.read().slots).toBe(2);
  expect(store.isKept()).toBe(false);
  expect(new SettingsStore(null).isKept()).toBe(false);
});
