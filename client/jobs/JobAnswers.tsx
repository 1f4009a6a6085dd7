import type { Job } from "../../protocol/http/job.ts";
import { compareInWords, verificationInWords } from "../../protocol/http/verification.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";
import { isEnded } from "./job-state.ts";

/** How the answers of this job are verified, and what came of it; nothing where the first is accepted. */
export function JobAnswers({ job }: { readonly job: Job }) {
  const { policy, compare, engines, provisional, workFactor, caughtServers } = job.verification;
  if (policy === "first") return null;
  return (
    <section className="mh-panel job-about" aria-labelledby="answers">
      <h2 id="answers">Its answers are verified</h2>
      <p className="mh-soft">
        {sentence(verificationInWords(policy))}; {compareInWords(compare)}{engines === "same" ? "; the answers of a task come from one browser engine" : ""}.
      </p>
      <dl className="job-facts">
        {isEnded(job.state) ? null : <div><dt>Waiting</dt><dd>{provisional === 0 ? "no answer waits to be accepted" : `${formatQuantity(provisional, "task")} with an answer that is not accepted yet`}</dd></div>}
        <div><dt>Work</dt><dd>{workFactor === null ? "nothing is accepted yet" : `${workFactor.toFixed(2)} answers for each result`}</dd></div>
        <div><dt>Caught</dt><dd>{caughtServers === 0 ? "nobody gave a wrong answer" : `${formatCount(caughtServers)} ${caughtServers === 1 ? "Compute Server" : "Compute Servers"} gave wrong answers, which were thrown away`}</dd></div>
      </dl>
    </section>
  );
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
