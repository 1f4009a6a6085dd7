import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod/mini";
import { writeFileSync } from "node:fs";
import { PLACEMENT_NAMES } from "../scheduler/placement/policies.ts";
import { comparePolicies, describeRow, POLICY_TABLE_HEAD } from "./compare-policies.ts";
import { fuzz, type Failure } from "./fuzz.ts";
import { catchPlantedBugs } from "./planted-bugs.ts";
import { runScenario } from "./run-scenario.ts";
import { measureBalancer, type ScaleOptions } from "./scale.ts";
import { describeGrowth, describeScale } from "./scale-report.ts";
import { describeResult } from "./scenario-report.ts";
import { plotUtilisation } from "./plot.ts";
import { SCENARIOS } from "./scenarios.ts";
import { SABOTEUR_TABLES } from "./saboteurs/saboteurs.ts";
import { makeTables, type Table } from "./tables/make-tables.ts";
import { TABLES } from "./tables/tables.ts";

// `npm run simulate -- COMMAND`: the shell around the simulator. It alone reads a clock, to tell how long a run took.

/** Lengths of tasks, in seconds, that `scale` tells of. */
const SCALE_TASKS = [0.1, 1, 10];
/** Whether decisions cost more where there are more tabs is told by runs with a hundredth and a tenth of them, of this length of tasks. */
const GROWTH_PARTS = [100, 10];
const GROWTH_TASK_MS = 1_000;
/** Long enough that these runs end by their events. */
const GROWTH_MS = 3_600_000;

/** A story is over before long, so a line a hundred is enough to see that it goes on. */
const TELL_EVERY = 100;

const tablesSchema = z.object({ seed: z.number(), only: z.optional(z.string()), quick: z.boolean() });
const scenarioSchema = z.object({ seed: z.number(), policy: z.optional(z.enum(PLACEMENT_NAMES)), help: z.boolean(), check: z.boolean(), plot: z.optional(z.string()) });
const policiesSchema = z.object({ seed: z.number(), runs: z.number() });
const scaleSchema = z.object({
  seed: z.number(), tabs: z.number(), slots: z.number(), balancers: z.number(), task: z.array(z.number()), seconds: z.number(), maxEvents: z.number(),
  outputBytes: z.number(), inputBytes: z.optional(z.number()), spanSeconds: z.number(), rowResults: z.number(), commitMs: z.number(), growth: z.boolean(),
});
const fuzzSchema = z.object({ seeds: z.number(), seed: z.number() });

function createProgram(): Command {
  const program = new Command("simulate")
    .description("Runs the scheduler that ships in virtual time.")
    .showHelpAfterError("(--help tells more)");
  addTables(program, "tables", "reproduce the reference tables; fails on a miss", TABLES);
  addTables(program, "saboteurs", "liars: what is published, and the project's own verification under attack; fails on a miss", SABOTEUR_TABLES);
  program.command("scenario")
    .description(`run one of: ${Object.keys(SCENARIOS).join(", ")}`)
    .argument("<name>", "of the scenario")
    .option("--seed <n>", "of all that is random", parseSeed, 1)
    .addOption(new Option("--policy <name>", "which Compute Server gets the next batch").choices(PLACEMENT_NAMES))
    .option("--no-help", "idle Compute Servers do not help with the last tasks: nothing is taken back, nothing copied")
    .option("--no-check", "do not ask after every event whether the rules hold")
    .option("--plot <file>", "write the utilisation over time as SVG")
    .action((name: string, options: unknown) => scenario(name, scenarioSchema.parse(options)));
  program.command("policies")
    .description("compare the placement policies under equal, unlike, and coming and going Compute Servers")
    .option("--seed <n>", "the first", parseSeed, 1)
    .option("--runs <n>", "seeds for each", parseSeed, 5)
    .action((options: unknown) => { policies(policiesSchema.parse(options)); });
  addScale(program);
  program.command("fuzz")
    .description("try random worlds; a seed that fails is printed, shrunk, and replays")
    .option("--seeds <n>", "how many", parseSeed, 10_000)
    .option("--seed <n>", "the first", parseSeed, 1)
    .action((options: unknown) => { fuzzSeeds(fuzzSchema.parse(options)); });
  program.command("planted")
    .description("plant bugs into the scheduler, one at a time, and tell after how many seeds the rules catch each")
    .option("--seeds <n>", "at most so many for each", parseSeed, 10_000)
    .option("--seed <n>", "the first", parseSeed, 1)
    .action((options: unknown) => { planted(fuzzSchema.parse(options)); });
  return program;
}

function addTables(program: Command, command: string, description: string, all: readonly Table[]): void {
  program.command(command)
    .description(description)
    .option("--seed <n>", "of all that is random", parseSeed, 1)
    .addOption(new Option("--only <name>", "one table").choices(all.map(({ name }) => name)))
    .option("--quick", "short runs, with as much more tolerance as they are less precise", false)
    .action((options: unknown) => { tables(all, tablesSchema.parse(options)); });
}

function addScale(program: Command): void {
  program.command("scale")
    .description("a Load Balancer with 10 000 tabs: every message, its size and what decisions cost; then a hundred of them on one PostgreSQL")
    .option("--seed <n>", "of all that is random", parseSeed, 1)
    .option("--tabs <n>", "of one Load Balancer", parseCount, 10_000)
    .option("--slots <n>", "of a tab", parseCount, 2)
    .option("--balancers <n>", "that share the database", parseCount, 100)
    .option("--task <seconds>", `mean length of a task, repeatable (${SCALE_TASKS.join(", ")})`, (text, before: readonly number[]) => [...before, parseAmount(text)], [])
    .option("--seconds <n>", "virtual time to measure, at most", parseAmount, 60)
    .option("--max-events <n>", "… and events", parseCount, 200_000)
    .option("--output-bytes <n>", "of a task", parseCount, 100)
    .option("--input-bytes <n>", "of a task; without it inputs are a numeric range", parseCount)
    .option("--span-seconds <n>", "work of a Load Balancer in one span", parseAmount, 10)
    .option("--row-results <n>", "results in one row of the archive", parseCount, 100)
    .option("--commit-ms <n>", "from one commit of a hub to the next", parseAmount, 10)
    .option("--no-growth", "leave out the runs with fewer tabs")
    .action((options: unknown) => { scale(scaleSchema.parse(options)); });
}

function scale(options: z.infer<typeof scaleSchema>): void {
  const { seed, tabs, slots, balancers, task, seconds, maxEvents, outputBytes, inputBytes = null, spanSeconds, rowResults, commitMs, growth } = options;
  const startedAtMs = performance.now();
  const clocks = { wallMs: () => performance.now(), cpuMs: threadMs };
  const base: ScaleOptions = { seed, tabs, slots, taskMs: GROWTH_TASK_MS, measureMs: 1_000 * seconds, maxEvents, outputBytes, inputBytes, clocks };
  const measure = (changes: Partial<ScaleOptions>) => {
    if (process.stderr.isTTY) process.stderr.write(`${JSON.stringify(changes)}\n`);
    return measureBalancer({ ...base, ...changes });
  };
  const runs = (task.length === 0 ? SCALE_TASKS : task).map((taskSeconds) => measure({ taskMs: 1_000 * taskSeconds }));
  console.log(`${balancers} Load Balancers of ${tabs.toLocaleString("en")} tabs with ${slots} slots; outputs of ${outputBytes} bytes; seed ${seed}`);
  const deployment = { balancers, spanMs: 1_000 * spanSeconds, resultsPerRow: rowResults, commitMs };
  for (const line of describeScale(runs, deployment)) console.log(line);
  if (growth) {
    const fewer = GROWTH_PARTS.map((part) => measure({ tabs: Math.max(1, Math.round(tabs / part)), measureMs: GROWTH_MS }));
    const full = runs.find(({ options: { taskMs } }) => taskMs === GROWTH_TASK_MS) ?? measure({});
    for (const line of describeGrowth([...fewer, full])) console.log(line);
  }
  console.log(runs.map(({ options: { taskMs }, virtualMs, counts, traceHash }) =>
    `tasks of ${taskMs / 1_000} s: ${counts.events.toLocaleString("en")} events in ${virtualMs / 1_000} virtual s, trace ${traceHash}`).join("\n"));
  console.log(`${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s`);
}

/** Processor time of this thread. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function scenario(name: string, { seed, policy, help, check, plot }: z.infer<typeof scenarioSchema>): Promise<void> {
  const chosen = SCENARIOS[name];
  if (chosen === undefined) {
    console.error(`Cannot run "${name}": there is no such scenario. It is one of ${Object.keys(SCENARIOS).join(", ")}.`);
    process.exitCode = 2;
    return;
  }
  console.log(`${name}: ${chosen.about}; seed ${seed}`);
  const startedAtMs = performance.now();
  const result = runScenario(chosen, { seed, help, unchecked: !check, ...(policy === undefined ? {} : { placement: policy }) });
  for (const line of describeResult(result)) console.log(line);
  console.log(`${result.events.toLocaleString("en")} events${check ? ", R1 to R7 asked after each" : ""}, ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s`);
  if (plot === undefined) return;
  writeFileSync(plot, await plotUtilisation(`${name}, seed ${seed}`, result));
  console.log(`Plot: ${plot}`);
}

function policies({ seed, runs }: z.infer<typeof policiesSchema>): void {
  console.log(POLICY_TABLE_HEAD);
  for (const row of comparePolicies(seed, runs)) console.log(describeRow(row));
}

function fuzzSeeds({ seeds, seed }: z.infer<typeof fuzzSchema>): void {
  const startedAtMs = performance.now();
  const { tried, failure } = fuzz(seed, seeds, (count) => {
    if (count % TELL_EVERY === 0 && process.stderr.isTTY) process.stderr.write(`\r${count} of ${seeds}`);
  });
  console.log(`${failure === null ? tried : tried - 1} of ${seeds} seeds from ${seed} on hold all rules, ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s.`);
  if (failure === null) return;
  tellFailure(failure);
  process.exitCode = 1;
}

function tellFailure({ seed, rule, story }: Failure): void {
  console.log(`Seed ${seed}: ${rule}\nThe smallest story that breaks it:\n${JSON.stringify(story, (_key, value: unknown) => (value === Infinity ? "Infinity" : value), 2)}`);
  console.log(`Replay: npm run simulate -- fuzz --seed ${seed} --seeds 1`);
}

function planted({ seeds, seed }: z.infer<typeof fuzzSchema>): void {
  for (const { bug, rule, seeds: tried } of catchPlantedBugs(seed, seeds)) {
    console.log(`${bug.padEnd(36)} ${rule === null ? `NOT CAUGHT by ${tried} seeds` : `caught after ${String(tried).padStart(4)} seeds: ${rule}`}`);
    if (rule === null) process.exitCode = 1;
  }
}

function tables(all: readonly Table[], options: z.infer<typeof tablesSchema>): void {
  const startedAtMs = performance.now();
  const misses = makeTables(all, options, console.log);
  console.log(`${misses === 0 ? "All as the references say" : `${misses} missed`}; seed ${options.seed}, ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s.`);
  if (misses > 0) process.exitCode = 1;
}

function parseSeed(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) throw new InvalidArgumentError("Give a whole number from 0 to 4294967295.");
  return Number(text);
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Give a whole number from 1 to 999999999.");
  return Number(text);
}

function parseAmount(text: string): number {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(text) || Number(text) === 0) throw new InvalidArgumentError("Give a number above 0, for example 0.5.");
  return Number(text);
}

await createProgram().parseAsync();
