import { Button, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { roleSchema, ROLES, type Role } from "../../protocol/http/accounts.ts";
import type { MadeInvitation } from "../../protocol/http/accounts-invitations.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";

const HOUR_MS = 3_600_000;
const LIVES = [
  { value: "1", label: "an hour" }, { value: "24", label: "a day" }, { value: "168", label: "a week" }, { value: "720", label: "30 days" },
];

export function NewInvitationForm({ onMade }: { readonly onMade: (made: MadeInvitation) => void }) {
  const [role, setRole] = useState<Role>("submitter");
  const [hours, setHours] = useState("168");
  const [uses, setUses] = useState(1);
  const [note, setNote] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.invite({ role, uses, expiresInMs: Number(hours) * HOUR_MS, ...(note.trim() === "" ? {} : { note: note.trim() }) }),
    onSuccess: (made) => {
      setNote("");
      onMade(made);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <div className="people-fields">
        <NativeSelect label="Role" data={[...ROLES]} value={role} onChange={(event) => setRole(roleSchema.parse(event.currentTarget.value))} />
        <NativeSelect label="Good for" data={LIVES} value={hours} onChange={(event) => setHours(event.currentTarget.value)} />
        <NumberInput label="People" min={1} max={LIMITS.invitationUses} allowDecimal={false} clampBehavior="strict" value={uses} onChange={(value) => setUses(typeof value === "number" ? value : 1)} />
        <TextInput label="Note" placeholder="for whom" maxLength={LIMITS.nameMaxChars} autoComplete="off" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button type="submit" loading={isPending}>Make a link</Button>
      </div>
      {error === null ? null : <ErrorNotice title="The link was not made" error={error} />}
    </form>
  );
}
