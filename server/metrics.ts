import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { DiskSpace } from "./archive/disk-space.ts";
import type { Grid } from "./grid/grid.ts";

export interface Metrics {
  readonly registry: Registry;
  readonly resultsStored: Counter;
  readonly failuresStored: Counter;
  readonly framesReceived: Counter;
  readonly linksClosed: Counter<"code">;
  readonly refusals: Counter<"limit">;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    resultsStored: new Counter({ name: "manyhands_results_stored_total", help: "Outputs that are on disk", registers }),
    failuresStored: new Counter({ name: "manyhands_failures_stored_total", help: "Task failures that are on disk", registers }),
    framesReceived: new Counter({ name: "manyhands_frames_received_total", help: "Frames from Compute Servers", registers }),
    linksClosed: new Counter({ name: "manyhands_links_closed_total", help: "Closed links of Compute Servers", labelNames: ["code"], registers }),
    refusals: new Counter({ name: "manyhands_refusals_total", help: "What was refused or cut off because it passed a limit, by its name in docs/limits.md", labelNames: ["limit"], registers }),
  };
}

/** Gauges that are read from the grid and the disk whenever somebody scrapes. */
export function measureHub(registry: Registry, grid: Grid, disk: DiskSpace): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({ name, help, registers, collect() { this.set(read()); } });
  gauge("manyhands_disk_free_bytes", "Free space of the data folder's disk", () => disk.freeBytes);
  gauge("manyhands_disk_low", "1 while submissions are refused for want of space", () => (disk.isLow ? 1 : 0));
  gauge("manyhands_compute_servers", "Compute Servers under a lease", () => grid.pulse().computeServers);
  gauge("manyhands_slots", "Slots of all Compute Servers", () => grid.pulse().slots);
  gauge("manyhands_load_balancers", "Load Balancers under a lease", () => grid.loadBalancers().length);
  gauge("manyhands_running_jobs", "Jobs that run now", () => grid.pulse().runningJobs);
  gauge("manyhands_tasks_per_second", "Accepted tasks a second, over the last seconds", () => grid.pulse().tasksPerSecond);
}
