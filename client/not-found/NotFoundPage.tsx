import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import { EmptyState } from "../layout/EmptyState.tsx";
import { Page } from "../layout/Page.tsx";

export default function NotFoundPage() {
  return (
    <Page title="Nothing is here">
      <EmptyState title="This address leads to no page">
        <p>
          It may have been mistyped, or what it showed is gone. <Anchor component={Link} to="/jobs">Look through the jobs</Anchor> or{" "}
          <Anchor component={Link} to="/">start at the first page</Anchor>.
        </p>
      </EmptyState>
    </Page>
  );
}
