import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { EmptyState } from "../layout/EmptyState.tsx";
import { Page } from "../layout/Page.tsx";

/** What stands at the address of a job that the hub does not have. */
export function JobNotFound({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <EmptyState title="This job is not here">
        It was removed, or the link is mistyped. <Anchor component={Link} to="/jobs">Look through the jobs</Anchor> or{" "}
        <Anchor component={Link} to="/gallery">the gallery</Anchor>.
      </EmptyState>
    </Page>
  );
}
