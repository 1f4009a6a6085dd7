import "./sharing.css";
import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Job } from "../../protocol/http/job.ts";
import type { SharingChange } from "../../protocol/http/sharing.ts";
import { hub } from "../api/hub.ts";
import { jobKeys, sharingQuery } from "../api/queries.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { useChosen } from "../layout/use-chosen.ts";
import { CopyLink } from "../result/CopyLink.tsx";
import { VisibilityField } from "./VisibilityField.tsx";

/** Who may see the job, and the link to give away; for who may steer it. */
export function Sharing({ job }: { readonly job: Job }) {
  const client = useQueryClient();
  const query = sharingQuery(job.jobId);
  const { data: sharing, error: unread } = useQuery(query);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (change: SharingChange) => hub.changeSharing(job.jobId, change),
    onSuccess: (changed) => {
      client.setQueryData(query.queryKey, changed);
      return client.invalidateQueries({ queryKey: jobKeys.one(job.jobId), exact: true });
    },
  });
  const [visibility, choose] = useChosen(sharing?.visibility ?? job.visibility, (choice, settled) => mutate({ visibility: choice }, { onSettled: settled }));
  if (sharing === undefined) return unread === null ? <Loading what="who may see it" /> : <ErrorNotice title="Who may see it is not known now" error={unread} />;
  return (
    <div className="sharing">
      <VisibilityField label="Who may see it, and its results" value={visibility} disabled={isPending} onChange={choose} />
      {error === null ? null : <ErrorNotice title="It was not changed" error={error} />}
      {sharing.visibility === "private" ? null : (
        <TextInput label="Link to its results" value={sharing.resultUrl} readOnly onFocus={(event) => event.currentTarget.select()} />
      )}
      {sharing.visibility === "private" ? null : (
        <Group gap="xs">
          <CopyLink url={sharing.resultUrl} />
          {sharing.key === null ? null : <Button variant="default" px="xs" loading={isPending} onClick={() => mutate({ visibility: "link", renew: true })}>Make a new link</Button>}
        </Group>
      )}
      {sharing.key === null ? null : <p className="mh-soft sharing-note">With a new link every one given before is void. So it is when you choose “Private”.</p>}
    </div>
  );
}
