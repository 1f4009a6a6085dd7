import type { FrameType } from "./message-meter.ts";
import { coreShare, levelsOf, limitsOf, type Deployment, type Levels } from "./scale-levels.ts";
import type { BalancerFigures } from "./scale.ts";

type Cells = readonly string[];

/** Everything that was measured and follows, as tables in Markdown: a column for each task length. */
export function describeScale(runs: readonly BalancerFigures[], deployment: Deployment): string[] {
  const all = runs.map((figures) => ({ figures, levels: levelsOf(figures, deployment) }));
  const lengths = runs.map(({ options }) => `tasks of ${options.taskMs / 1_000} s`);
  const rows = (cells: readonly (readonly [string, (levels: Levels) => string])[]) => cells.map(([name, cell]) => [name, ...all.map(({ levels }) => cell(levels))]);
  return [
    "One Load Balancer, frames a second and bytes of each:",
    ...table(["frame", ...lengths], frameRows(runs)),
    "At each level, a second:",
    ...table(["what", ...lengths], rows([
      ["tab: frames up, down", ({ tab }) => `${short(tab.framesUp)}, ${short(tab.framesDown)}`],
      ["tab: bytes up, down", ({ tab }) => `${short(tab.bytesUp)}, ${short(tab.bytesDown)}`],
      ["Load Balancer: tasks", ({ balancer }) => short(balancer.tasks)],
      ["Load Balancer: slots at work", ({ balancer }) => percent(balancer.slotsBusy)],
      ["Load Balancer: frames", ({ balancer }) => short(balancer.frames)],
      ["Load Balancer: MB up, down", ({ balancer }) => `${short(balancer.bytesUp / 1e6)}, ${short(balancer.bytesDown / 1e6)}`],
      ["Load Balancer: registrations", ({ balancer }) => short(balancer.registrations)],
      ["Load Balancer: commits", ({ balancer }) => short(balancer.commits)],
      ["Load Balancer: of a core, scheduler", ({ balancer }) => percent(balancer.schedulerShare)],
      ["Load Balancer: of a core, codec", ({ balancer }) => percent(balancer.codecShare)],
      ["Load Balancer: of a core, sockets", ({ balancer }) => percent(balancer.socketShare)],
      ["Load Balancer: of a core, all three", ({ balancer }) => percent(coreShare(balancer))],
      ["PostgreSQL: results", ({ archive }) => short(archive.results)],
      ["PostgreSQL: rows, one a reported range", ({ archive }) => short(archive.rowsAsReported)],
      [`PostgreSQL: rows, ${deployment.resultsPerRow} results each`, ({ archive }) => short(archive.rowsGathered)],
      ["PostgreSQL: commits", ({ archive }) => short(archive.commits)],
      ["PostgreSQL: spans", ({ archive }) => short(archive.spans)],
      ["PostgreSQL: tasks in a span", ({ archive }) => short(archive.results / archive.spans)],
      ["PostgreSQL: enrolments of tabs", ({ archive }) => short(archive.enrolments)],
      ["PostgreSQL: MB of outputs", ({ archive }) => short(archive.outputBytes / 1e6)],
    ])),
    "How many times its limit each part would carry, the first to give way on top:",
    ...all.flatMap(({ levels }, i) => [
      ...table([lengths[i] ?? "", "times its limit", "limit"], limitsOf(levels).map(({ what, times, source }) => [what, short(times), source])),
    ]),
  ];
}

/** Whether a decision costs more where there are more tabs. */
export function describeGrowth(runs: readonly BalancerFigures[]): string[] {
  return [
    "Processor time of the scheduler, by the number of tabs:",
    ...table(["tabs", "events", "µs an event", "µs a task", "of a core"], runs.map(({ options, counts, core, virtualMs }) => [
      short(options.tabs), short(counts.events), micro(core?.schedulerMs, counts.events), micro(core?.schedulerMs, counts.results),
      percent(core === null ? null : core.schedulerMs / virtualMs),
    ])),
  ];
}

function frameRows(runs: readonly BalancerFigures[]): Cells[] {
  const types = new Set<FrameType>(runs.flatMap(({ frames }) => [...frames.keys()]));
  return [...types].toSorted().map((type) => [type, ...runs.map(({ frames, virtualMs }) => {
    const tally = frames.get(type);
    return tally === undefined ? "none" : `${short((1_000 * tally.frames) / virtualMs)} × ${short(tally.bytes / tally.frames)} B`;
  })]);
}

function table(head: Cells, rows: readonly Cells[]): string[] {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  return ["", line(head), line(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(line), ""];
}

/** Three digits that count. */
function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

function percent(share: number | null): string {
  return share === null ? "not timed" : `${short(100 * share)} %`;
}

function micro(ms: number | undefined, count: number): string {
  return ms === undefined ? "not timed" : short((1_000 * ms) / count);
}
