import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useSession } from "../account/session.ts";

/** What is needed to send the job off: a press, or first to sign in. The draft waits in this tab meanwhile. */
export function SubmitButton({ submitting }: { readonly submitting: boolean }) {
  const session = useSession();
  if (session === undefined || session.may.submit) return <Button type="submit" fullWidth size="md" mt="md" loading={submitting}>Submit the job</Button>;
  if (session.account === null) {
    return (
      <>
        <p className="mh-soft submit-needs">Jobs on this hub have an owner. What you have written here waits in this tab.</p>
        <Button component={Link} to="/sign-in?next=/submit" fullWidth size="md">Sign in to submit</Button>
      </>
    );
  }
  return <p className="mh-soft submit-needs" role="note">You are signed in as {session.account.name}, {session.account.role}: this account lends a hand, and submits no jobs. An operator of this hub can change that.</p>;
}
