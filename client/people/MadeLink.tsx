import { Button, Group, TextInput } from "@mantine/core";
import type { MadeInvitation } from "../../protocol/http/accounts-invitations.ts";
import { formatDuration } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { CopyLink } from "../result/CopyLink.tsx";

interface Props {
  readonly what: string;
  readonly made: MadeInvitation;
  readonly onSeen: () => void;
}

/** A link that is told once. */
export function MadeLink({ what, made, onSeen }: Props) {
  const now = useNow(10_000);
  return (
    <div className="people-made" role="status">
      <p>{what} It is good for {formatDuration(made.expiresAt - now)} and shown here once.</p>
      <TextInput aria-label="The link" value={made.url} readOnly onFocus={(event) => event.currentTarget.select()} />
      <Group gap="xs"><CopyLink url={made.url} /><Button variant="subtle" px="xs" onClick={onSeen}>I have it</Button></Group>
    </div>
  );
}
