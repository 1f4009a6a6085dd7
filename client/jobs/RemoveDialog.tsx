import { Button, Group, Modal, Text } from "@mantine/core";
import type { Job } from "../../protocol/http/job.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import { formatQuantity } from "../format/quantity.ts";

interface Props {
  readonly job: Job;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

/** Removing asks first: nothing brings results back. */
export default function RemoveDialog({ job, onClose, onRemove }: Props) {
  return (
    <Modal opened onClose={onClose} title="Remove this job for good?">
      <Text>
        {ENDED_STATES.includes(job.state) ? "" : "It has not ended and is cancelled first. "}
        {formatQuantity(job.tasks.done, "result")}, its inputs and its pictures go with it, and its link leads nowhere. This cannot be undone.
      </Text>
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={onClose}>Keep it</Button>
        <Button color="clay.7" onClick={onRemove}>Remove the job</Button>
      </Group>
    </Modal>
  );
}
