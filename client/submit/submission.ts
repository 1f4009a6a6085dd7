import type { JobOptions, Requirements } from "../../protocol/http/job-options.ts";
import { submissionSchema, type Submission } from "../../protocol/http/submission.ts";
import type { DraftOptions } from "./draft.ts";
import { submittedInputs } from "./job-inputs.ts";
import { verificationOptions } from "./verification-options.ts";
import type { PreparedJob } from "./prepare-job.ts";

/** What of a submission depends on the hub. */
export interface HubOffer {
  readonly mail: boolean;
  readonly accounts: boolean;
}

/** The body of the submission. Throws an Error that names the field which does not fit. */
export async function buildSubmission(job: PreparedJob, options: DraftOptions, { mail, accounts }: HubOffer): Promise<Submission> {
  const parsed = submissionSchema.safeParse({
    name: options.name,
    executable: { source: job.javascript },
    inputs: await submittedInputs(job.inputs),
    ...(job.args === undefined ? {} : { args: job.args }),
    ...(job.view === null ? {} : { view: job.view }),
    options: jobOptions(options, { mail, accounts }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.at(-1);
  throw new Error(`Cannot submit: ${field === undefined ? "a field" : `the field “${String(field)}”`} does not fit (${issue?.message ?? ""})`);
}

function jobOptions(options: DraftOptions, { mail, accounts }: HubOffer): JobOptions {
  const email = options.email.trim();
  return {
    priority: options.priority,
    maxAttempts: options.maxAttempts,
    taskTimeoutMs: Math.round(options.taskTimeoutSeconds * 1000),
    ...(accounts ? { visibility: options.visibility } : { public: options.public }),
    tags: options.tags,
    ...requirements(options),
    ...verificationOptions(options.verification),
    ...(options.policy === "" ? {} : { policy: options.policy }),
    ...(mail && email !== "" ? { notify: { email } } : {}),
  };
}

function requirements({ capabilities, memoryMiB, engine }: DraftOptions): Pick<JobOptions, "requires"> {
  const requires: Requirements = {
    ...(capabilities.length === 0 ? {} : { capabilities }),
    ...(memoryMiB === null ? {} : { memoryMiB }),
    ...(engine.trim() === "" ? {} : { engine: engine.trim() }),
  };
  return Object.keys(requires).length === 0 ? {} : { requires };
}
