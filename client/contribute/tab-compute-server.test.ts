import { expect, test } from "vitest";
import type { ComputeServerHandle, ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { SettingsStore } from "../settings/settings-store.ts";
import { TabComputeServer } from "./tab-compute-server.ts";

/** Stands for the loaded Compute Server, which needs a browser; e2e/ runs the real one. */
class RecordingHandle implements ComputeServerHandle {
  readonly calls: string[] = [];
  #listener: () => void = () => {};
  #state: ComputeServerState;
  constructor(state: ComputeServerState) { this.#state = state; }
  subscribe(listener: () => void) { this.#listener = listener; return () => { this.#listener = () => {}; }; }
  state() { return this.#state; }
  start() { this.#record("start", { phase: "registered" }); }
  stop() { this.#record("stop", { phase: "stopped" }); }
  setSlots(slots: number) { this.#record(`slots ${slots}`, { slots }); }
  setCpuShare(cpuShare: number) { this.#record(`share ${cpuShare}`, { cpuShare }); }
  executableSource(executableId: string) { return Promise.resolve(`export default "${executableId}"`); }
  setBackground(keep: boolean) { this.#record(`background ${keep}`, {}); }
  #record(call: string, changes: Partial<ComputeServerState>) {
    this.calls.push(call);
    this.#state = { ...this.#state, ...changes };
    this.#listener();
  }
}

function setUp() {
  const settings = new SettingsStore(null);
  const loads: { resolve: (handle: ComputeServerHandle) => void; reject: (error: Error) => void }[] = [];
  const tab = new TabComputeServer(settings, () => new Promise((resolve, reject) => loads.push({ resolve, reject })));
  const handle = new RecordingHandle(tab.state());
  return { settings, tab, handle, loads };
}

test("TabComputeServer.start: connects while it loads, and loads once", async () => {
  const { tab, handle, loads } = setUp();
  const started = tab.start();
  void tab.start();
  expect(tab.state().phase).toBe("connecting");
  expect(loads).toHaveLength(1);
  loads[0]?.resolve(handle);
  await started;
  expect(tab.state().phase).toBe("registered");
});

test("TabComputeServer.stop: stopped while it was being loaded, it never starts", async () => {
  const { tab, handle, loads } = setUp();
  const started = tab.start();
  tab.stop();
  expect(tab.state().phase).toBe("stopped");
  loads[0]?.resolve(handle);
  await started;
  expect(handle.calls).not.toContain("start");
  expect(tab.state().phase).toBe("stopped");
});

test("TabComputeServer.start: what cannot be loaded says why, and can be tried again", async () => {
  const { tab, handle, loads } = setUp();
  const failed = tab.start();
  loads[0]?.reject(new Error("Cannot read the grid's pulse: the hub cannot be reached"));
  await failed;
  expect(tab.state()).toMatchObject({ phase: "stopped", notice: "Cannot read the grid's pulse: the hub cannot be reached. Try again in a moment." });
  const started = tab.start();
  expect(tab.state()).toMatchObject({ phase: "connecting", notice: null });
  loads[1]?.resolve(handle);
  await started;
  expect(tab.state().phase).toBe("registered");
});

test("TabComputeServer.setSlots: a choice made while it loads reaches it, and is kept", async () => {
  const { tab, handle, loads, settings } = setUp();
  const started = tab.start();
  tab.setSlots(2);
  tab.setCpuShare(0.5);
  tab.setBackground(true);
  loads[0]?.resolve(handle);
  await started;
  expect(handle.calls).toEqual(["slots 2", "share 0.5", "background true", "start"]);
  expect(settings.read()).toMatchObject({ slots: 2, cpuShare: 0.5, keepComputingInBackground: true });
});

test("TabComputeServer.subscribe: tells of every change, before and after it is loaded", async () => {
  const { tab, handle, loads } = setUp();
  let told = 0;
  const end = tab.subscribe(() => told++);
  const started = tab.start();
  expect(told).toBe(1);
  loads[0]?.resolve(handle);
  await started;
  const before = told;
  handle.stop();
  expect(told).toBe(before + 1);
  end();
  handle.start();
  expect(told).toBe(before + 1);
});

test("TabComputeServer.restart: a tab that computes takes its link up anew, one that does not is left alone", async () => {
  const { tab, handle, loads } = setUp();
  tab.restart();
  const started = tab.start();
  loads[0]?.resolve(handle);
  await started;
  handle.calls.length = 0;
  tab.restart();
  expect(handle.calls).toEqual(["stop", "start"]);
  tab.stop();
  handle.calls.length = 0;
  tab.restart();
  expect(handle.calls).toEqual([]);
});
