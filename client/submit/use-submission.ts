import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { HubError } from "../../sdk/hub-error.ts";
import { useSession } from "../account/session.ts";
import { hub } from "../api/hub.ts";
import { gridQuery, jobKeys } from "../api/queries.ts";
import type { SourceProblem } from "./check-source.ts";
import type { Draft } from "./draft.ts";
import { DraftError, prepareJob, type PreparedJob } from "./prepare-job.ts";
import { inspectWith, runTaskWith } from "./sandbox.ts";
import { buildSubmission } from "./submission.ts";
import { TriedTaskError, tryJob } from "./try-job.ts";
import type { TryState } from "./TryPanel.tsx";
import { checkNow } from "./use-source-check.ts";

const NOT_TRIED: TryState = { running: false, tried: null, error: null };
/** What a try and a submission found holds for this very draft, and for no later one. */
interface Found<T> {
  readonly draft: Draft;
  readonly what: T;
}

export interface Outcome {
  readonly submitting: boolean;
  /** Why the submission did not go through. */
  readonly error: Error | null;
  /** Faults that only a sandbox or the hub could find, for this very code. */
  readonly problems: readonly SourceProblem[];
}

/** Trying and submitting a draft. */
export function useSubmission(draft: Draft) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: grid } = useQuery(gridQuery);
  const session = useSession();
  const [tries, setTries] = useState<Found<TryState> | null>(null);
  const [submitting, setSubmitting] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [problems, setProblems] = useState<Found<readonly SourceProblem[]> | null>(null);
  // A submission that may have arrived is sent again under the same key, so that it makes one job.
  const sent = useRef<{ readonly body: string; readonly key: string } | null>(null);

  const prepare = async (): Promise<PreparedJob> => {
    const { sandboxOrigin } = grid ?? (await client.fetchQuery(gridQuery));
    return prepareJob(draft, await checkNow(draft.source), inspectWith(sandboxOrigin));
  };
  const showTry = (state: Partial<TryState>) => setTries({ draft, what: { ...NOT_TRIED, ...state } });
  const tell = (failure: Error) => setProblems({ draft, what: problemsOf(failure) });

  const tryIt = async (index: number) => {
    showTry({ running: true });
    setProblems(null);
    try {
      const { sandboxOrigin } = grid ?? (await client.fetchQuery(gridQuery));
      const tried = await tryJob(await prepare(), index, draft.options.taskTimeoutSeconds * 1000, runTaskWith(sandboxOrigin));
      showTry({ tried });
    } catch (thrown) {
      const failure = asError(thrown);
      tell(failure);
      showTry({ error: failure });
    }
  };

  const submit = async () => {
    setSubmitting(true);
    setError(null);
    setProblems(null);
    try {
      const submission = await buildSubmission(await prepare(), draft.options, { mail: grid?.mail === true, accounts: session?.accounts === true });
      const body = JSON.stringify(submission);
      if (sent.current?.body !== body) sent.current = { body, key: randomKey() };
      const { jobId } = await hub.submit(submission, sent.current.key);
      sent.current = null;
      await client.invalidateQueries({ queryKey: jobKeys.all });
      await navigate(`/jobs/${jobId}`);
    } catch (thrown) {
      const failure = asError(thrown);
      tell(failure);
      setError(failure);
      setSubmitting(false);
    }
  };

  const sameJob = (found: Found<unknown> | null) => found !== null && makesSameTasks(found.draft, draft);
  const tryState = tries !== null && (tries.what.running || sameJob(tries)) ? tries.what : NOT_TRIED;
  const shownProblems = problems !== null && problems.draft.source === draft.source ? problems.what : [];
  return { grid, tryState, tryIt, submit, outcome: { submitting, error, problems: shownProblems } satisfies Outcome };
}

function makesSameTasks(a: Draft, b: Draft): boolean {
  return a.source === b.source && a.argsText === b.argsText && a.inputs === b.inputs && a.range === b.range && a.data === b.data;
}

/** Where in the code the fault lies, as far as whoever found it tells. */
function problemsOf(error: Error): readonly SourceProblem[] {
  if (error instanceof DraftError) return error.problems;
  if (error instanceof TriedTaskError) return [error.problem];
  if (!(error instanceof HubError)) return [];
  return (error.problem?.errors ?? []).map(({ line, column, message }) => ({ line: line ?? null, column: column ?? null, message }));
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Made without crypto.randomUUID, which a page without https does not have. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("-");
}
