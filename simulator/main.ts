import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod/mini";
import { makeTables, TABLE_NAMES } from "./tables/tables.ts";

// `npm run simulate -- COMMAND`: the shell around the simulator. It alone reads a clock, to tell how long a run took.

const tablesSchema = z.object({ seed: z.number(), only: z.optional(z.string()), quick: z.boolean() });

function createProgram(): Command {
  const program = new Command("simulate")
    .description("Runs the scheduler that ships in virtual time.")
    .showHelpAfterError("(--help tells more)");
  program.command("tables")
    .description("reproduce the reference tables; fails on a miss")
    .option("--seed <n>", "of all that is random", parseSeed, 1)
    .addOption(new Option("--only <name>", "one table").choices(TABLE_NAMES))
    .option("--quick", "short runs, with as much more tolerance as they are less precise", false)
    .action((options: unknown) => { tables(tablesSchema.parse(options)); });
  return program;
}

function tables(options: z.infer<typeof tablesSchema>): void {
  const startedAtMs = performance.now();
  const misses = makeTables(options, console.log);
  console.log(`${misses === 0 ? "All as the references say" : `${misses} missed`}; seed ${options.seed}, ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s.`);
  if (misses > 0) process.exitCode = 1;
}

function parseSeed(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) >= 2 ** 32) throw new InvalidArgumentError("Give a whole number from 0 to 4294967295.");
  return Number(text);
}

await createProgram().parseAsync();
