import { Alert, Button, Group, Modal, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import type { JobAction } from "../../sdk/hub-client.ts";
import { hub } from "../api/hub.ts";
import { jobKeys } from "../api/queries.ts";
import { formatCount } from "../format/quantity.ts";
import { possibleActions } from "./job-state.ts";

const LABELS: Readonly<Record<JobAction, string>> = { pause: "Pause", resume: "Resume", retry: "Run failed tasks again", cancel: "Cancel" };

/** What can be done with the job now. Cancelling asks first: what was not computed yet never will be. */
export function JobActions({ job }: { readonly job: Job }) {
  const [confirming, setConfirming] = useState(false);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (action: JobAction) => hub.control(job.jobId, action),
    onSettled: () => client.invalidateQueries({ queryKey: jobKeys.one(job.jobId) }),
  });
  return (
    <div className="job-actions">
      <Group gap="xs">
        {possibleActions(job).map((action) => (
          <Button key={action} variant="default" loading={isPending} onClick={() => (action === "cancel" ? setConfirming(true) : mutate(action))}>
            {LABELS[action]}
          </Button>
        ))}
        <Button component={Link} to={`/results/${job.jobId}`}>See the result</Button>
      </Group>
      {error === null ? null : <Alert variant="default" role="alert" mt="xs">{error.message}</Alert>}
      <Modal opened={confirming} onClose={() => setConfirming(false)} title="Cancel this job?">
        <Text>
          {formatCount(job.tasks.total - job.tasks.done - job.tasks.failed)} tasks will never run. The {formatCount(job.tasks.done)} results that
          are there stay readable. A cancelled job cannot be taken up again.
        </Text>
        <Group mt="lg" justify="flex-end">
          <Button variant="default" onClick={() => setConfirming(false)}>Let it run</Button>
          <Button
            color="clay.7"
            onClick={() => {
              setConfirming(false);
              mutate("cancel");
            }}
          >
            Cancel the job
          </Button>
        </Group>
      </Modal>
    </div>
  );
}
