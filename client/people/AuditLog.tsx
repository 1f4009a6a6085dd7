import { Button, Group, Stack, Table } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditEntry } from "../../protocol/http/accounts-operation.ts";
import { SearchField } from "../jobs/SearchField.tsx";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { auditQuery } from "./people-queries.ts";

const time = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** Who did what, newest first. */
export function AuditLog() {
  const [account, setAccount] = useState("");
  const query = useInfiniteQuery({ ...auditQuery(account), placeholderData: keepPreviousData });
  const entries = query.data?.pages.flatMap((page) => page.entries.map((entry, index) => ({ key: `${page.nextCursor ?? "last"} ${index}`, entry })));
  return (
    <Stack gap="md">
      <search><SearchField label="Of one account: its name" value={account} onChange={(name) => setAccount(name.trim())} /></search>
      {query.error === null ? null : <ErrorNotice title="The log cannot be read" error={query.error}><Button onClick={() => void query.refetch()}>Try again</Button></ErrorNotice>}
      {query.isPending ? <Loading what="the log" lines={6} /> : null}
      {entries?.length === 0 ? <EmptyState title="Nothing is written here">{account === "" ? "What people do to the hub is listed here." : `No account of that name has done anything: ${account}.`}</EmptyState> : null}
      {entries === undefined || entries.length === 0 ? null : (
        <div className="people-log" role="region" aria-label="The log" tabIndex={0} aria-busy={query.isPlaceholderData}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th>When</Table.Th><Table.Th>Who</Table.Th><Table.Th>Did</Table.Th><Table.Th>From</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{entries.map(({ key, entry }) => <Entry key={key} entry={entry} />)}</Table.Tbody>
          </Table>
        </div>
      )}
      {query.hasNextPage ? <Group justify="center"><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Older</Button></Group> : null}
    </Stack>
  );
}

function Entry({ entry: { at, account, via, action, target, detail, address } }: { readonly entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td>{time.format(at)}</Table.Td>
      <Table.Td>{account ?? (via === "terminal" ? "the hub's terminal" : "nobody signed in")}{via === "token" ? " (token)" : ""}</Table.Td>
      <Table.Td>{action.replaceAll("-", " ")}{target === "" ? "" : <> <bdi>{target}</bdi></>}{detail === "" ? "" : <span className="mh-soft">, {detail}</span>}</Table.Td>
      <Table.Td>{address}</Table.Td>
    </Table.Tr>
  );
}
