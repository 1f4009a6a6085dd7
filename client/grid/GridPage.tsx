import "./grid.css";
import { Page } from "../layout/Page.tsx";
import { ComputeServers } from "./ComputeServers.tsx";
import { LoadBalancers } from "./LoadBalancers.tsx";

export default function GridPage() {
  return (
    <Page title="Grid" lead="The Lookup Service, live: everything that computes is registered here under a Lease. What does not renew its Lease is found no more.">
      <LoadBalancers />
      <ComputeServers />
    </Page>
  );
}
