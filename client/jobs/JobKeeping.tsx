import { Alert, Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useNavigate } from "react-router";
import { ENDED_STATES, type Job } from "../../protocol/http/job.ts";
import { hub } from "../api/hub.ts";
import { jobKeys } from "../api/queries.ts";

const RemoveDialog = lazy(() => import("./RemoveDialog.tsx"));
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });

/** How long the job stays, and how to keep or remove it. */
export function JobKeeping({ job }: { readonly job: Job }) {
  const [confirming, setConfirming] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const keep = useMutation({
    mutationFn: () => hub.keep(job.jobId),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.one(job.jobId) }),
  });
  const remove = useMutation({
    mutationFn: () => hub.remove(job.jobId),
    onSuccess: async () => {
      await navigate("/jobs", { replace: true });
      client.removeQueries({ queryKey: jobKeys.one(job.jobId) });
      await client.invalidateQueries();
    },
  });
  const error = keep.error ?? remove.error;
  if (!job.maySteer) return null;
  return (
    <section className="mh-panel job-about" aria-labelledby="keeping">
      <h2 id="keeping">Keeping it</h2>
      <Text mb="sm">{keptInWords(job)}</Text>
      <Group gap="xs">
        {typeof job.removeAt === "number" ? <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>Keep it longer</Button> : null}
        <Button variant="default" loading={remove.isPending} onClick={() => setConfirming(true)}>Remove the job</Button>
      </Group>
      {error === null ? null : <Alert variant="default" role="alert" mt="xs">{error.message}</Alert>}
      {confirming ? (
        <Suspense fallback={null}>
          <RemoveDialog job={job} onClose={() => setConfirming(false)} onRemove={() => { setConfirming(false); remove.mutate(); }} />
        </Suspense>
      ) : null}
    </section>
  );
}

function keptInWords({ removeAt, state }: Job): string {
  if (typeof removeAt === "number") return `It stays until ${day.format(removeAt)}. Then it is removed with its results.`;
  return ENDED_STATES.includes(state) ? "It stays until somebody removes it." : "It stays while it runs.";
}
