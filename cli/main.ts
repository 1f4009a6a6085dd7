import { Command, Option } from "commander";
import * as z from "zod/mini";
import { CAPABILITIES } from "../protocol/capabilities.ts";
import { compareSchema, verificationSchema } from "../protocol/http/verification.ts";
import { SCOPES, scopeSchema } from "../protocol/http/accounts-tokens.ts";
import { visibilitySchema } from "../protocol/http/sharing.ts";
import { LIMITS } from "../protocol/limits.ts";
import { DEFAULT_HUB_URL } from "../sdk/index.ts";
import { jsonSchema } from "../sdk/json.ts";
import { explainJob } from "./explain.ts";
import { adviceFor, tokenFor } from "./hub-access.ts";
import { controlJob, keepJob, listJobs, printResults, removeJob, showJob } from "./job-commands.ts";
import { collect, collectCapability, collectScope, parseDays, parseHubUrl, parseInteger, parseJson, parseRange, parseSlots, type Range } from "./option-values.ts";
import { parseCompare, parseVerification } from "./verification-flags.ts";
import { run, submit } from "./run.ts";
import { createToken, listTokens, revokeToken, signIn, signOut } from "./token-commands.ts";
import { version } from "./version.ts";

const hubSchema = z.object({ hub: z.string(), token: z.optional(z.string()) });
const submitSchema = z.object({
  hub: z.string(),
  token: z.optional(z.string()),
  visibility: z.optional(visibilitySchema),
  inputs: z.optional(z.string()),
  range: z.optional(z.custom<Range>((range) => typeof range === "object")),
  args: z.optional(jsonSchema),
  name: z.optional(z.string()),
  email: z.optional(z.string()),
  tag: z.array(z.string()),
  policy: z.optional(z.string()),
  require: z.array(z.enum(CAPABILITIES)),
  memory: z.optional(z.number()),
  engine: z.optional(z.string()),
  priority: z.optional(z.number()),
  keepDays: z.optional(z.number()),
  verify: z.optional(verificationSchema),
  compare: z.optional(compareSchema),
  sameEngine: z._default(z.boolean(), false),
  out: z.optional(z.string()),
});
const resultsSchema = z.object({ hub: z.string(), token: z.optional(z.string()), out: z.optional(z.string()), failures: z.boolean() });
const joinSchema = z.object({ slots: z.optional(z.number()), name: z.optional(z.string()), token: z.optional(z.string()) });
const daysSchema = z.nullable(z.number());
const newTokenSchema = z.object({ hub: z.string(), scope: z.array(scopeSchema), expires: daysSchema });

const TOKEN_OPTION = ["--token <token>", "an API token, where the hub has accounts (better: MANYHANDS_TOKEN, or manyhands sign-in)"] as const;
const DEFAULT_DAYS = 90;

/** Runs the command line but for `hub`, which is dispatched before. `argv` holds the arguments alone. */
export async function main(argv: readonly string[]): Promise<void> {
  // A pipe that closes early is told to whoever writes into it (cli/line-output.ts); here it would end the process.
  process.stdout.on("error", () => undefined);
  try {
    await createProgram(process.env["MANYHANDS_HUB"]).parseAsync([...argv], { from: "user" });
  } catch (error) {
    // What a person can do something about is told in a sentence of this form; the stack of anything else is needed.
    console.error(error instanceof Error && error.message.startsWith("Cannot ") ? error.message : error);
    const advice = adviceFor(error);
    if (advice !== undefined) console.error(advice);
    process.exitCode = 1;
  }
}

/** `hubFromEnvironment` is taken where --hub is not given. */
export function createProgram(hubFromEnvironment: string | undefined): Command {
  const hubUrl = hubFromEnvironment === undefined || hubFromEnvironment === "" ? DEFAULT_HUB_URL : parseHubUrl(hubFromEnvironment);
  const program = new Command("manyhands")
    .description("A volunteer compute grid that lives in browsers.")
    .version(version())
    .showHelpAfterError("(manyhands --help tells more)");
  program.command("hub").description("start a hub: manyhands hub --help tells its options");
  addJoin(program, hubUrl);
  addSubmission(program, hubUrl);
  addJobCommands(program, hubUrl);
  addTokens(program, hubUrl);
  return program;
}

function addJoin(program: Command, hubUrl: string): void {
  program.command("join")
    .description("lend this computer's cores to a hub, without a screen; Ctrl-C stops")
    .argument("[url]", "the hub", parseHubUrl, hubUrl)
    .option("--slots <n>", "tasks at a time (default: one a core)", parseSlots)
    .option("--name <name>", "what the grid shows (default: the host's name)")
    .option(...TOKEN_OPTION)
    .action(async (url: string, options: unknown) => {
      // Only here, because the driver of browsers takes longer to load than all other commands take to run.
      const { join } = await import("./join.ts");
      const { token, ...others } = joinSchema.parse(options);
      await join(url, { ...others, token: await tokenFor({ hub: url, token }) });
    });
}

function addSubmission(program: Command, hubUrl: string): void {
  const submission = (name: string) => program.command(name)
    .argument("<file>", "the job: a TypeScript or JavaScript file, see docs/jobs.md")
    .option("--hub <url>", "the hub (also: MANYHANDS_HUB)", parseHubUrl, hubUrl)
    .option(...TOKEN_OPTION)
    .addOption(new Option("--visibility <who>", "who may see it (default: you alone, where the hub has accounts)").choices(visibilitySchema.options))
    .option("--inputs <file>", "inputs: a .json array, .txt lines, or NDJSON; - reads NDJSON from standard input")
    .option("--range <a..b>", "inputs: the whole numbers from a, without b", parseRange)
    .option("--args <json>", "arguments for the job file's own inputs and view", parseJson)
    .option("--name <name>", "what the job is called")
    .option("--email <address>", "who gets a mail at its end")
    .option("--tag <tag>", "to be found by; may be repeated", collect, [])
    .option("--keep-days <number>", "remove it so many days after its end, where the hub does not say fewer", parseInteger("A number of days", 1, LIMITS.keepDays))
    .option("--policy <name>", "how the Compute Server is chosen that gets a batch (default: the hub's own; docs/balancing.md)")
    .option("--priority <number>", "among your own jobs the higher goes first", parseInteger("A priority", -100, 100))
    .option("--require <capability>", `run it only where this is offered; may be repeated: ${CAPABILITIES.join(", ")}`, collectCapability, [])
    .option("--memory <MiB>", "run it only where the device has so much memory", parseInteger("Memory in MiB", 1, LIMITS.memoryMiB))
    .option("--engine <name>", "run it only there: chromium, firefox or webkit, or with the least version, chromium-120")
    .option("--verify <policy>", "when an answer is accepted: first, quorum:3, credibility:0.01 (default: the hub's own; docs/verification.md)", parseVerification)
    .option("--compare <how>", "when two answers are the same: exact, set, relative=1e-9, absolute=0.001 (default: exact)", parseCompare)
    .option("--same-engine", "the answers of one task come from one browser engine");
  submission("run")
    .description("submit a job, watch it, and stream its results as NDJSON in index order")
    .option("--out <file>", "where results go (default: standard output)")
    .action(async (file: string, options: unknown) => run(file, submitSchema.parse(options)));
  submission("submit")
    .description("submit a job and print its id")
    .action(async (file: string, options: unknown) => submit(file, submitSchema.parse(options)));
}

function addJobCommands(program: Command, hubUrl: string): void {
  const command = (name: string, description: string) =>
    program.command(name).description(description).option("--hub <url>", "the hub (also: MANYHANDS_HUB)", parseHubUrl, hubUrl).option(...TOKEN_OPTION);
  command("jobs", "list the newest jobs")
    .action(async (options: unknown) => listJobs(hubSchema.parse(options)));
  command("status", "tell how a job stands")
    .argument("<job>", "its id, or a link to it")
    .action(async (jobId: string, options: unknown) => showJob(jobId, hubSchema.parse(options)));
  command("explain", "tell why a job waits, or that it does not")
    .argument("<job>", "its id, or a link to it")
    .action(async (jobId: string, options: unknown) => explainJob(jobId, hubSchema.parse(options)));
  command("results", "print the results that are there, as NDJSON in index order")
    .argument("<job>", "its id, or a link to it")
    .option("--out <file>", "where results go (default: standard output)")
    .option("--failures", "failed tasks too, as lines with an error", false)
    .action(async (jobId: string, options: unknown) => printResults(jobId, resultsSchema.parse(options)));
  command("remove", "remove a job with its inputs, results and pictures, for good")
    .argument("<job>", "its id, or a link to it")
    .action(async (jobId: string, options: unknown) => removeJob(jobId, hubSchema.parse(options)));
  command("keep", "keep an ended job longer: its time begins anew now")
    .argument("<job>", "its id, or a link to it")
    .action(async (jobId: string, options: unknown) => keepJob(jobId, hubSchema.parse(options)));
  for (const [action, description] of [
    ["cancel", "end a job; its results stay"], ["pause", "let a job wait"], ["resume", "let a paused job go on"], ["retry", "run the failed tasks of a job again"],
  ] as const) {
    command(action, description)
      .argument("<job>", "its id, or a link to it")
      .action(async (jobId: string, options: unknown) => controlJob(jobId, hubSchema.parse(options), action));
  }
}

function addTokens(program: Command, hubUrl: string): void {
  program.command("sign-in")
    .description("store a token for a hub with accounts: asks for name and password")
    .argument("[url]", "the hub", parseHubUrl, hubUrl)
    .option("--expires <days>", 'how long it is good: days, or "never"', parseDays, DEFAULT_DAYS)
    .action(async (url: string, options: unknown) => signIn(url, z.object({ expires: daysSchema }).parse(options).expires));
  program.command("sign-out")
    .description("revoke the token of sign-in, and forget it")
    .argument("[url]", "the hub", parseHubUrl, hubUrl)
    .action(signOut);
  const token = program.command("token").description("tokens for programs; each command asks for name and password");
  const command = (name: string, description: string) =>
    token.command(name).description(description).option("--hub <url>", "the hub (also: MANYHANDS_HUB)", parseHubUrl, hubUrl);
  command("create", "make a token and print it, this once")
    .argument("<name>", "where it will be used")
    .option("--scope <scope>", `what it may; may be repeated: ${SCOPES.join(", ")} (default: all that your role may but admin)`, collectScope, [])
    .option("--expires <days>", 'how long it is good: days, or "never"', parseDays, DEFAULT_DAYS)
    .action(async (name: string, options: unknown) => {
      const { hub, scope, expires } = newTokenSchema.parse(options);
      await createToken({ hub, name, scope, days: expires });
    });
  command("list", "list your tokens: id, scopes, last use, expiry, name")
    .action(async (options: unknown) => listTokens(hubSchema.parse(options).hub));
  command("revoke", "make a token void")
    .argument("<token>", "its id, as token list tells it")
    .action(async (tokenId: string, options: unknown) => revokeToken(hubSchema.parse(options).hub, tokenId));
}
