import { useSyncExternalStore } from "react";
import { parseSettings, type Settings } from "./settings.ts";

const KEY = "manyhands-settings";

/** Settings of this browser, kept in its storage where there is one. A new object at every change. */
export class SettingsStore {
  readonly #storage: Storage | null;
  readonly #listeners = new Set<() => void>();
  #settings: Settings;
  #kept = true;

  /** Null where the browser keeps nothing for this page. */
  constructor(storage: Storage | null) {
    this.#storage = storage;
    this.#kept = storage !== null;
    this.#settings = parseSettings(storage?.getItem(KEY) ?? null);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): Settings => this.#settings;

  /** Whether the last change will still be there after the page is closed. */
  readonly isKept = (): boolean => this.#kept;

  change(changes: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...changes };
    try {
      this.#storage?.setItem(KEY, JSON.stringify(this.#settings));
      this.#kept = this.#storage !== null;
    } catch {
      this.#kept = false; // full or forbidden: shown on the settings page
    }
    for (const listener of this.#listeners) listener();
  }
}

export const settingsStore = new SettingsStore(browserStorage());

export function useSettings(): Settings {
  return useSyncExternalStore(settingsStore.subscribe, settingsStore.read);
}

/** Touching `localStorage` throws where the browser forbids it. */
function browserStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
