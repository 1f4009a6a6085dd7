import { Alert, NativeSelect, Radio, Stack, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { volunteersSchema } from "../../protocol/http/accounts.ts";
import { settingsSchema, type SettingsChange } from "../../protocol/http/accounts-operation.ts";
import { sessionKey } from "../account/session.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { useChosen } from "../layout/use-chosen.ts";
import { settingsQuery } from "./people-queries.ts";

/** Who may come by themselves, and who may lend a hand. */
export function HubSettings() {
  const { data: settings, error: unread } = useQuery(settingsQuery);
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (change: SettingsChange) => accounts.changeSettings(change),
    onSuccess: (changed) => {
      client.setQueryData(settingsQuery.queryKey, changed);
      return client.invalidateQueries({ queryKey: sessionKey });
    },
  });
  const [volunteers, choose] = useChosen(settings?.volunteers ?? "anonymous", (choice, settled) => mutate({ volunteers: choice }, { onSettled: settled }));
  const [signUp, chooseSignUp] = useChosen(settings?.signUp ?? false, (choice, settled) => mutate({ signUp: choice }, { onSettled: settled }));
  if (settings === undefined) return unread === null ? <Loading what="the rules" lines={4} /> : <ErrorNotice title="The rules cannot be read" error={unread} />;
  return (
    <Stack gap="md">
      {error === null ? null : <ErrorNotice title="It was not changed" error={error} />}
      <section className="mh-panel" aria-labelledby="sign-up">
        <h2 id="sign-up">Accounts</h2>
        <Stack gap="md" align="flex-start">
          <Switch label="Anybody may make an account" description="Otherwise people come by invitation alone" checked={signUp} disabled={isPending} onChange={(event) => chooseSignUp(event.currentTarget.checked)} />
          <NativeSelect
            label="Who makes one so is"
            data={[{ value: "volunteer", label: "a volunteer" }, { value: "submitter", label: "a submitter" }]}
            value={settings.signUpRole}
            disabled={isPending || !settings.signUp}
            onChange={(event) => mutate({ signUpRole: settingsSchema.shape.signUpRole.parse(event.currentTarget.value) })}
          />
        </Stack>
      </section>
      <section className="mh-panel" aria-labelledby="volunteers">
        <h2 id="volunteers">Lending a hand</h2>
        {settings.volunteersFixed ? <Alert variant="default" mb="md" title="The hub was started with --volunteers">What is chosen there holds, until it is started without.</Alert> : null}
        <Radio.Group aria-labelledby="volunteers" value={volunteers} onChange={(choice) => choose(volunteersSchema.parse(choice))}>
          <Stack gap="xs">
            <Radio value="anonymous" label="Anybody who opens the page" description="What strangers answer is checked" disabled={isPending || settings.volunteersFixed} />
            <Radio value="accounts" label="Who is signed in" disabled={isPending || settings.volunteersFixed} />
            <Radio value="invited" label="The invited" description="Accounts that came by an invitation, or that you mark as invited" disabled={isPending || settings.volunteersFixed} />
          </Stack>
        </Radio.Group>
      </section>
    </Stack>
  );
}
