import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod/mini";
import { attack, CAMPAIGNS, type CampaignName } from "./campaigns.ts";

// `npm run fuzz`: hostile peers of every kind against real hubs, for as long as is asked. A failure prints its seed; the
// same seed replays it: npm run fuzz -- --seed S --only http

const NAMES = ["frames", "http", "accounts", "executables", "inputs"] as const satisfies readonly CampaignName[];
const SEED_END = 2 ** 31;
const MINUTE_MS = 60_000;

function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value >= SEED_END) throw new InvalidArgumentError("It is a whole number from 0.");
  return value;
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("It is a number of minutes, above 0.");
  return value;
}

const optionsSchema = z.object({ minutes: z.number(), seed: z.optional(z.int()), only: z.optional(z.enum(NAMES)) });

const command = new Command("npm run fuzz --")
  .description("Attack real hubs with random and mutated frames, calls, Executables and inputs, beside honest work.")
  .option("--minutes <n>", "how long, shared by the kinds", minutes, 4)
  .option("--seed <n>", "of the first round; the next round has the next one (default: by the clock)", whole)
  .addOption(new Option("--only <kind>", "one kind of attack").choices(NAMES));
const options = optionsSchema.parse(command.parse().opts());
const seed = options.seed ?? Date.now() % SEED_END;
const kinds = options.only === undefined ? NAMES : [options.only];

for (const kind of kinds) {
  const campaign = await CAMPAIGNS[kind]();
  const startedAtMs = Date.now();
  const endsAtMs = startedAtMs + (options.minutes * MINUTE_MS) / kinds.length;
  let current = seed;
  try {
    const { keptRatio } = await attack(campaign, seed, () => Date.now() >= endsAtMs, (next) => {
      current = next;
      console.log(`${kind}: ${campaign.sent()}, ${Math.round((Date.now() - startedAtMs) / 1000)} s, seed ${next}`);
    });
    console.log(`${kind}: ${campaign.sent()}, and nothing was found. The hub keeps ${keptRatio.toFixed(2)} times the memory of its first round.`);
  } catch (error) {
    console.error(`${kind}: found with seed ${current}. Again: npm run fuzz -- --only ${kind} --seed ${current}`);
    console.error(error);
    process.exitCode = 1;
  } finally {
    await campaign.stop();
  }
}
process.exit();
