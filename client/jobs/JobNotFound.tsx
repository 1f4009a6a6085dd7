import { Anchor } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { signInPath } from "../account/next-path.ts";
import { useSession } from "../account/session.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { Page } from "../layout/Page.tsx";

/** What stands at the address of a job that the hub does not have, or does not show to whoever asks. */
export function JobNotFound({ title }: { readonly title: string }) {
  const session = useSession();
  const location = useLocation();
  if (session?.accounts === true) {
    return (
      <Page title={title}>
        <EmptyState title="There is nothing here for you to see">
          <p>
            The job is private, its link was taken back or is mistyped, or it was removed.{" "}
            {session.account === null
              ? <>If it is yours, <Anchor component={Link} to={signInPath(location)}>sign in</Anchor>; else ask</>
              : <>You are signed in as {session.account.name}: ask</>}{" "}
            its owner to share it, or look through <Anchor component={Link} to="/gallery">the gallery</Anchor>.
          </p>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={title}>
      <EmptyState title="This job is not here">
        It was removed, or the link is mistyped. <Anchor component={Link} to="/jobs">Look through the jobs</Anchor> or{" "}
        <Anchor component={Link} to="/gallery">the gallery</Anchor>.
      </EmptyState>
    </Page>
  );
}
