import { Button, Modal } from "@mantine/core";
import { IconShare } from "@tabler/icons-react";
import { useState } from "react";
import type { Job } from "../../protocol/http/job.ts";
import { Sharing } from "./Sharing.tsx";

/** Beside a result that not everybody may see: its address alone would open nothing. */
export default function ShareButton({ job }: { readonly job: Job }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" px="xs" leftSection={<IconShare size={16} />} onClick={() => setOpen(true)}>Share</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Share this result"><Sharing job={job} /></Modal>
    </>
  );
}
