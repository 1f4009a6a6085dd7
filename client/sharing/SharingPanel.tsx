import type { Job } from "../../protocol/http/job.ts";
import { useSession } from "../account/session.ts";
import { Sharing } from "./Sharing.tsx";

/** On the job's own page; nothing where the hub has no accounts, because there everybody sees everything. */
export function SharingPanel({ job }: { readonly job: Job }) {
  const session = useSession();
  if (session?.accounts !== true || !job.maySteer) return null;
  return (
    <section className="mh-panel" aria-labelledby="sharing">
      <h2 id="sharing">Sharing</h2>
      <Sharing job={job} />
    </section>
  );
}
