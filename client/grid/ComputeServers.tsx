import { Anchor, Group, NativeSelect, Pagination } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { computeServersQuery } from "../api/queries.ts";
import { useComputeServer } from "../contribute/ComputeServerProvider.tsx";
import { formatQuantity } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { ComputeServerRow } from "./ComputeServerRow.tsx";
import { isServerOrder, ORDERS, orderServers, type ServerOrder } from "./server-order.ts";
import { useLongestLeases } from "./use-longest-leases.ts";

const PAGE_ROWS = 50;

export function ComputeServers() {
  const { data, error } = useQuery(computeServersQuery);
  const [order, setOrder] = useState<ServerOrder>("registered");
  const [page, setPage] = useState(1);
  const [, { computeServerId }] = useComputeServer();
  const now = useNow(1_000);
  const servers = orderServers(data?.computeServers ?? [], order);
  const longest = useLongestLeases(servers.map(({ computeServerId: id, leaseLeftMs }) => [id, leaseLeftMs]));
  const pages = Math.max(1, Math.ceil(servers.length / PAGE_ROWS));
  const shown = Math.min(page, pages);
  return (
    <section aria-labelledby="compute-servers">
      <Group justify="space-between" align="center" mb="sm">
        <h2 id="compute-servers" className="grid-title">Compute Servers</h2>
        {servers.length < 2 ? null : (
          <NativeSelect aria-label="Order" size="sm" data={ORDERS} value={order} onChange={({ currentTarget }) => isServerOrder(currentTarget.value) && setOrder(currentTarget.value)} />
        )}
      </Group>
      {error === null ? null : <ErrorNotice title="The Compute Servers cannot be listed" error={error} />}
      {data === undefined && error === null ? <Loading what="the Compute Servers" lines={5} /> : null}
      {servers.length === 0 && data !== undefined && error === null ? (
        <EmptyState title="No Compute Server is registered now"><Anchor component={Link} to="/contribute">Lend a hand</Anchor> to be the first.</EmptyState>
      ) : null}
      {servers.length === 0 || data === undefined ? null : (
        <>
          <table className="grid-table">
            <thead>
              <tr>
                <th scope="col">Compute Server</th><th scope="col">Lease left</th><th scope="col">Slots at work</th><th scope="col">Queued</th>
                <th scope="col">Done</th><th scope="col">Failed</th><th scope="col">Checked</th><th scope="col">Time spent</th><th scope="col">Last done</th><th scope="col">Speed</th>
              </tr>
            </thead>
            <tbody>
              {servers.slice((shown - 1) * PAGE_ROWS, shown * PAGE_ROWS).map((server) => (
                <ComputeServerRow key={server.computeServerId} server={server} now={now} longestMs={longest.get(server.computeServerId)} mine={server.computeServerId === computeServerId} />
              ))}
            </tbody>
          </table>
          <Group justify="space-between" mt="md">
            <span className="mh-soft">{servers.length < data.total ? `${formatQuantity(servers.length, "Compute Server")} of ${data.total}` : formatQuantity(data.total, "Compute Server")}</span>
            {pages === 1 ? null : (
              <Pagination total={pages} value={shown} onChange={setPage} siblings={1} getControlProps={(control) => ({ "aria-label": `The ${control} page` })} getItemProps={(number) => ({ "aria-label": `Page ${number}` })} />
            )}
          </Group>
        </>
      )}
    </section>
  );
}
