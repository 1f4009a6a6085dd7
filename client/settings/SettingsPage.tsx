import { Alert, SegmentedControl, Stack, Text, TextInput, useMantineColorScheme } from "@mantine/core";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { LIMITS } from "../../protocol/limits.ts";
import { useSession } from "../account/session.ts";
import { useComputeServer } from "../contribute/ComputeServerProvider.tsx";
import { Limits } from "../contribute/Limits.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { settingsStore, useSettings } from "./settings-store.ts";
import { suggestedName } from "./settings.ts";

const AccountSettings = lazy(() => import("./AccountSettings.tsx"));

export default function SettingsPage() {
  const [tab, state] = useComputeServer();
  const account = useSession()?.account ?? null;
  const kept = useSyncExternalStore(settingsStore.subscribe, settingsStore.isKept);
  return (
    <Page title="Settings" lead={account === null ? "They hold for this browser, at once, and are stored in it alone." : "Your account, and this browser."}>
      {account === null ? null : <Suspense fallback={<Loading what="your account" lines={6} />}><AccountSettings account={account} /></Suspense>}
      {account === null ? null : <h2 className="settings-part">This browser</h2>}
      {kept ? null : <Alert variant="default" title="This browser keeps nothing">Changes hold until the page is closed: storage is off or full here.</Alert>}
      <ComputeServerName />
      <Limits tab={tab} state={state} />
      <Colours />
    </Page>
  );
}

function ComputeServerName() {
  const { computeServerName } = useSettings();
  return (
    <section className="mh-panel" aria-labelledby="name">
      <h2 id="name">This Compute Server</h2>
      <TextInput
        label="Name"
        description="Shown on the Grid page while this tab computes. It holds from the next load of the page."
        placeholder={suggestedName(navigator.userAgent)}
        maxLength={LIMITS.nameMaxChars}
        value={computeServerName}
        onChange={({ currentTarget }) => settingsStore.change({ computeServerName: currentTarget.value })}
      />
    </section>
  );
}

function Colours() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className="mh-panel" aria-labelledby="colours">
      <h2 id="colours">Colours</h2>
      <Stack gap="xs" align="flex-start">
        <SegmentedControl
          aria-labelledby="colours"
          value={colorScheme}
          onChange={setColorScheme}
          data={[{ value: "auto", label: "As the system" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" }]}
        />
        <Text size="sm" c="dimmed">Motion follows the system's setting.</Text>
      </Stack>
    </section>
  );
}
