import { Button, Group, Stack } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SearchField } from "../jobs/SearchField.tsx";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { AccountRow } from "./AccountRow.tsx";
import { accountsQuery } from "./people-queries.ts";

/** Every account, and what the operator can change of it. */
export function AccountList() {
  const [q, setQ] = useState("");
  const query = useInfiniteQuery({ ...accountsQuery(q), placeholderData: keepPreviousData });
  const found = query.data?.pages.flatMap((page) => page.accounts);
  return (
    <Stack gap="md">
      <search><SearchField label="Search names" value={q} onChange={(words) => setQ(words.trim())} /></search>
      {query.error === null ? null : <ErrorNotice title="The accounts cannot be listed" error={query.error}><Button onClick={() => void query.refetch()}>Try again</Button></ErrorNotice>}
      {query.isPending ? <Loading what="the accounts" lines={6} /> : null}
      {found?.length === 0 ? <EmptyState title="Nobody is called that"><Button variant="default" onClick={() => setQ("")}>Show everybody</Button></EmptyState> : null}
      {found === undefined || found.length === 0 ? null : <ul className="people-list" aria-busy={query.isPlaceholderData}>{found.map((account) => <AccountRow key={account.accountId} account={account} />)}</ul>}
      {query.hasNextPage ? <Group justify="center"><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Load more</Button></Group> : null}
    </Stack>
  );
}
