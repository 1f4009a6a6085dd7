import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import * as z from "zod/mini";
import type { Benchmark } from "./benchmark.ts";
import { compute } from "./compute.ts";
import { connections } from "./connections.ts";
import { ideal } from "./ideal.ts";
import { large } from "./large.ts";
import { latency } from "./latency.ts";
import { describeMachine } from "./machine.ts";
import { readResults, resultsPage, saveResult } from "./report.ts";
import { restart } from "./restart.ts";
import type { BenchmarkResult } from "./result.ts";
import { section } from "./table.ts";
import { throughput } from "./throughput.ts";

// `npm run bench` measures everything; `npm run bench -- NAME…` some of it; `npm run bench -- report` writes RESULTS.md.

const BENCHMARKS: readonly Benchmark[] = [throughput, ideal, latency, compute, connections, large, restart];
const NAMES = BENCHMARKS.map(({ name }) => name);
const RESULTS_DIR = join(import.meta.dirname, "results");

const optionsSchema = z.object({
  runs: z.optional(z.int()), seconds: z.optional(z.number()), quick: z.boolean(), out: z.optional(z.string()), profile: z.optional(z.string()),
});
type Options = z.infer<typeof optionsSchema>;

// What was started ends with this process.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
await createProgram().parseAsync();
// Peers and browsers leave handles behind that would keep this process.
process.exit();

function createProgram(): Command {
  const program = new Command("npm run bench --")
    .description("Measures Manyhands beside its peers on this machine. Each benchmark prints a table and writes benchmarks/results/NAME.json.");
  program.command("measure", { isDefault: true })
    .description("measure; the default")
    .addArgument(new Argument("[benchmarks...]", "which; all where none is named").choices(NAMES))
    .option("--runs <n>", "how often each is measured (default: each benchmark's own)", positive)
    .option("--seconds <n>", "about how long one measurement takes (default: each benchmark's own)", positive)
    .option("--quick", "a smoke run of small sizes, written to a temporary folder", false)
    .option("--out <folder>", "where the JSON is written (default: benchmarks/results)")
    .option("--profile <folder>", "hubs write CPU profiles there when they stop")
    .action(async (names: string[], options: unknown) => measure(names, optionsSchema.parse(options)));
  program.command("report")
    .description("make benchmarks/RESULTS.md from the JSON files in benchmarks/results")
    .action(async () => {
      await writeFile(join(import.meta.dirname, "RESULTS.md"), resultsPage(await readResults(RESULTS_DIR, NAMES)));
    });
  return program;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It is a number above 0.");
  return value;
}

async function measure(names: readonly string[], options: Options): Promise<void> {
  const benchmarks = names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
  const { quick, profile } = options;
  const folder = options.out ?? (quick ? await mkdtemp(join(tmpdir(), "manyhands-bench-")) : RESULTS_DIR);
  for (const benchmark of benchmarks) {
    const { name, title } = benchmark;
    console.error(`\n${title}`);
    const [date, machine] = [new Date().toISOString(), await describeMachine()];
    const outcome = await benchmark.run({
      runs: options.runs ?? (quick ? 1 : benchmark.runs), seconds: options.seconds ?? (quick ? 0.2 : benchmark.seconds), quick, profileDir: profile ?? null,
      say: (line) => console.error(`  ${line}`),
    });
    const result: BenchmarkResult = { name, title, command: commandLine(name, options), date, quick, machine, rows: [...outcome.rows], notes: [...outcome.notes] };
    console.log(`\n${section(result)}\n`);
    console.error(`written to ${await saveResult(folder, result)}`);
  }
}

function commandLine(name: string, { runs, seconds, quick }: Options): string {
  return ["npm run bench --", name, ...(runs === undefined ? [] : [`--runs ${runs}`]), ...(seconds === undefined ? [] : [`--seconds ${seconds}`]), ...(quick ? ["--quick"] : [])].join(" ");
}
