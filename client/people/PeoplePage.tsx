import "./people.css";
import { Tabs } from "@mantine/core";
import { Navigate, useSearchParams } from "react-router";
import { NeedsAccount } from "../account/NeedsAccount.tsx";
import { useSession } from "../account/session.ts";
import { Page } from "../layout/Page.tsx";
import { AccountList } from "./AccountList.tsx";
import { AuditLog } from "./AuditLog.tsx";
import { HubSettings } from "./HubSettings.tsx";
import { Invitations } from "./Invitations.tsx";

const PARTS = [
  { part: "accounts", label: "Accounts" }, { part: "invitations", label: "Invitations" }, { part: "rules", label: "Rules" }, { part: "log", label: "Log" },
];

/** What the operator sees to: who is here, who may come, what they may do, and what was done. */
export default function PeoplePage() {
  const session = useSession();
  if (session?.accounts === false) return <Navigate to="/" replace />;
  return <NeedsAccount least="operator" title="People"><People /></NeedsAccount>;
}

function People() {
  const [params, setParams] = useSearchParams();
  const asked = params.get("part");
  const part = PARTS.some((one) => one.part === asked) ? asked : "accounts";
  return (
    <Page title="People" lead="Who is on this hub, who may come, and who did what.">
      <Tabs value={part} onChange={(next) => setParams(next === null || next === "accounts" ? {} : { part: next })} keepMounted={false}>
        <Tabs.List aria-label="Parts of this page" mb="md">{PARTS.map((one) => <Tabs.Tab key={one.part} value={one.part}>{one.label}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="accounts"><AccountList /></Tabs.Panel>
        <Tabs.Panel value="invitations"><Invitations /></Tabs.Panel>
        <Tabs.Panel value="rules"><HubSettings /></Tabs.Panel>
        <Tabs.Panel value="log"><AuditLog /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
