import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { passwordSchema, type Account } from "../../protocol/http/accounts.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { NewPasswordInput } from "../account/NewAccountForm.tsx";
import { sessionKey } from "../account/session.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { sessionsKey } from "./account-queries.ts";

/** A new password; for who came by the single sign-on alone, a first one. */
export function PasswordChange({ account }: { readonly account: Account }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [checked, setChecked] = useState(false);
  const client = useQueryClient();
  const { mutate, isPending, error, isSuccess } = useMutation({
    mutationFn: () => accounts.changePassword({ newPassword: next, ...(account.hasPassword ? { currentPassword: current } : {}) }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setChecked(false);
      void client.invalidateQueries({ queryKey: sessionsKey });
      return client.invalidateQueries({ queryKey: sessionKey });
    },
  });
  return (
    <section className="mh-panel" aria-labelledby="password">
      <h3 id="password" className="settings-title">Password</h3>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (passwordSchema.safeParse(next).success && (current !== "" || !account.hasPassword)) mutate();
        }}
      >
        <Stack gap="sm">
          <input type="text" autoComplete="username" value={account.name} readOnly hidden />
          {account.hasPassword ? (
            <PasswordInput
              label="Password now"
              required
              autoComplete="current-password"
              maxLength={LIMITS.passwordMaxChars}
              error={checked && current === "" ? "It proves that it is you" : undefined}
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
            />
          ) : null}
          <NewPasswordInput label="New password" checked={checked} value={next} onChange={setNext} />
          {error === null ? null : <ErrorNotice title="The password was not changed" error={error} />}
          <Button type="submit" variant="default" loading={isPending}>Change it</Button>
          <p className="mh-soft settings-note">Everywhere else you are signed out by it.</p>
          <output>{isSuccess && next === "" ? "It is changed. Every other session has ended." : ""}</output>
        </Stack>
      </form>
    </section>
  );
}
