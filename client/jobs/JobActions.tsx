import { Alert, Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import type { JobAction } from "../../sdk/hub-client.ts";
import { hub } from "../api/hub.ts";
import { jobKeys } from "../api/queries.ts";
import { resultPage } from "../result/job-paths.ts";
import { possibleActions } from "./job-state.ts";

const CancelDialog = lazy(() => import("./CancelDialog.tsx"));
const LABELS: Readonly<Record<JobAction, string>> = { pause: "Pause", resume: "Resume", retry: "Run failed tasks again", cancel: "Cancel" };

/** What can be done with the job now. */
export function JobActions({ job }: { readonly job: Job }) {
  const [confirming, setConfirming] = useState(false);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (action: JobAction) => hub.control(job.jobId, action),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.one(job.jobId) }),
  });
  const cancel = () => {
    setConfirming(false);
    mutate("cancel");
  };
  return (
    <div className="job-actions">
      <Group gap="xs">
        {(job.maySteer ? possibleActions(job) : []).map((action) => (
          <Button key={action} variant="default" loading={isPending} onClick={() => (action === "cancel" ? setConfirming(true) : mutate(action))}>
            {LABELS[action]}
          </Button>
        ))}
        <Button component={Link} to={resultPage(job.jobId)}>See the result</Button>
      </Group>
      {error === null ? null : <Alert variant="default" role="alert" mt="xs">{error.message}</Alert>}
      {confirming ? <Suspense fallback={null}><CancelDialog tasks={job.tasks} onClose={() => setConfirming(false)} onCancel={cancel} /></Suspense> : null}
    </div>
  );
}
