import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Role } from "../../protocol/http/accounts.ts";
import { scopeSchema, type MadeToken, type Scope } from "../../protocol/http/accounts-tokens.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { SCOPE_WORDS, scopesFor, usualScopes } from "./token-scopes.ts";

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "7", label: "7 days" }, { value: "30", label: "30 days" }, { value: "90", label: "90 days" }, { value: "365", label: "a year" }, { value: "", label: "never" },
];

interface Props {
  readonly role: Role;
  readonly onMade: (token: MadeToken) => void;
  readonly onCancel: () => void;
}

export function NewTokenForm({ role, onMade, onCancel }: Props) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(usualScopes(role));
  const [days, setDays] = useState("90");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.makeToken({ name, scopes: [...scopes], expiresInMs: days === "" ? null : Number(days) * DAY_MS }),
    onSuccess: onMade,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="sm" maw={480}>
        <TextInput label="Name" description="Where it will be used" placeholder="laptop" required autoComplete="off" maxLength={LIMITS.nameMaxChars} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Checkbox.Group label="It may" value={[...scopes]} onChange={(chosen) => setScopes(chosen.map((scope) => scopeSchema.parse(scope)))}>
          <Stack gap="xs" mt="xs">
            {scopesFor(role).map((scope) => <Checkbox key={scope} value={scope} label={SCOPE_WORDS[scope].label} description={SCOPE_WORDS[scope].description} />)}
          </Stack>
        </Checkbox.Group>
        <NativeSelect label="Expires" data={LIVES} value={days} onChange={(event) => setDays(event.currentTarget.value)} />
        {error === null ? null : <ErrorNotice title="The token was not made" error={error} />}
        <Group gap="xs">
          <Button type="submit" loading={isPending} disabled={scopes.length === 0 || name.trim() === ""}>Make it</Button>
          <Button variant="default" onClick={onCancel}>Cancel</Button>
        </Group>
      </Stack>
    </form>
  );
}
