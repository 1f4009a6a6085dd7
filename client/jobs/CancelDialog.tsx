import { Button, Group, Modal, Text } from "@mantine/core";
import type { Job } from "../../protocol/http/job.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";

interface Props {
  readonly tasks: Job["tasks"];
  readonly onClose: () => void;
  readonly onCancel: () => void;
}

/** Cancelling asks first: what was not computed yet never will be. */
export default function CancelDialog({ tasks, onClose, onCancel }: Props) {
  return (
    <Modal opened onClose={onClose} title="Cancel this job?">
      <Text>
        {formatQuantity(tasks.total - tasks.done - tasks.failed, "task")} will never run. Results that are there ({formatCount(tasks.done)}) stay
        readable. A cancelled job cannot be taken up again.
      </Text>
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={onClose}>Let it run</Button>
        <Button color="clay.7" onClick={onCancel}>Cancel the job</Button>
      </Group>
    </Modal>
  );
}
