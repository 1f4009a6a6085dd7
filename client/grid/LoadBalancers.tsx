import { useQuery } from "@tanstack/react-query";
import { loadBalancersQuery } from "../api/queries.ts";
import { formatCount } from "../format/quantity.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { LeaseLeft } from "./LeaseLeft.tsx";
import { useLongestLeases } from "./use-longest-leases.ts";

export function LoadBalancers() {
  const { data, error } = useQuery(loadBalancersQuery);
  const longest = useLongestLeases(data?.map(({ loadBalancerId, leaseLeftMs }) => [loadBalancerId, leaseLeftMs]) ?? []);
  return (
    <section aria-labelledby="load-balancers">
      <h2 id="load-balancers" className="grid-title">Load Balancers</h2>
      {error === null ? null : <ErrorNotice title="The Load Balancers cannot be listed" error={error} />}
      {data === undefined && error === null ? <Loading what="the Load Balancers" /> : null}
      {data?.length === 0 ? <EmptyState title="No Load Balancer is registered">Jobs wait until one is.</EmptyState> : null}
      {data === undefined || data.length === 0 ? null : (
        <table className="grid-table">
          <thead>
            <tr><th scope="col">Load Balancer</th><th scope="col">Lease left</th><th scope="col">Compute Servers</th><th scope="col">Tasks running</th><th scope="col">Slots</th><th scope="col">Jobs</th></tr>
          </thead>
          <tbody>
            {data.map((balancer) => (
              <tr key={balancer.loadBalancerId}>
                <th scope="row">{balancer.loadBalancerId}<span className="mh-soft grid-below">{balancer.address}</span></th>
                <td data-label="Lease left"><LeaseLeft leftMs={balancer.leaseLeftMs} longestMs={longest.get(balancer.loadBalancerId)} /></td>
                <td data-label="Compute Servers">{formatCount(balancer.computeServers)}</td>
                <td data-label="Tasks running">{formatCount(balancer.runningTasks)}</td>
                <td data-label="Slots">{formatCount(balancer.slots)}</td>
                <td data-label="Jobs">{formatCount(balancer.jobs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
