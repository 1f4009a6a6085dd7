import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { emailSchema, passwordSchema } from "../../protocol/http/accounts.ts";
import { accountNameSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { useTakeSession } from "./session.ts";

interface Props {
  /** The code of an invitation; null where anybody may sign up. */
  readonly invitation: string | null;
  /** Where the new account is led. */
  readonly next: string;
}

/** Name, password and perhaps a mail address; signs in with them. */
export function NewAccountForm({ invitation, next }: Props) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const take = useTakeSession();
  const navigate = useNavigate();
  const nameFits = accountNameSchema.safeParse(name).success;
  const emailFits = email === "" || emailSchema.safeParse(email).success;
  const passwordFits = passwordSchema.safeParse(password).success;
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.signUp({ name, password, ...(email === "" ? {} : { email }), ...(invitation === null ? {} : { invitation }) }),
    onSuccess: async (session) => {
      take(session);
      await navigate(next, { replace: true });
    },
  });
  return (
    <form
      className="mh-panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (nameFits && emailFits && passwordFits) mutate();
      }}
    >
      <Stack gap="sm">
        {error === null ? null : <ErrorNotice title="The account was not made" error={error} />}
        <TextInput
          label="Name"
          description="It stands beside your jobs, and stays. Small letters, digits, and dots, dashes or underscores between them"
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={LIMITS.accountNameMaxChars}
          error={checked && !nameFits ? `${LIMITS.accountNameMinChars} to ${LIMITS.accountNameMaxChars} small letters, digits, and . - _ between them` : undefined}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NewPasswordInput label="Password" checked={checked} value={password} onChange={setPassword} />
        <TextInput
          label="Mail address"
          description="If you like. For the operator to reach you; nobody else sees it"
          type="email"
          autoComplete="email"
          maxLength={LIMITS.emailMaxChars}
          error={emailFits || !checked ? undefined : "This is no mail address"}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth size="md" mt="xs" loading={isPending}>Make the account</Button>
      </Stack>
    </form>
  );
}

interface PasswordProps {
  readonly label: string;
  /** Whether faults are told already: nobody is corrected while still typing. */
  readonly checked: boolean;
  readonly value: string;
  readonly onChange: (password: string) => void;
}

export function NewPasswordInput({ label, checked, value, onChange }: PasswordProps) {
  const length = `At least ${LIMITS.passwordMinChars} characters`;
  return (
    <PasswordInput
      label={label}
      description={`${length}: a few words do well`}
      required
      autoComplete="new-password"
      maxLength={LIMITS.passwordMaxChars}
      error={checked && value.length < LIMITS.passwordMinChars ? length : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
