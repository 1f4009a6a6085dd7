import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSignOut } from "../account/session.ts";
import { accounts } from "../api/hub.ts";
import { formatAgo } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { sessionsKey, sessionsQuery } from "./account-queries.ts";
import { suggestedName } from "./settings.ts";

/** Every browser in which one is signed in. */
export function SessionList() {
  const { data: sessions, error } = useQuery(sessionsQuery);
  const client = useQueryClient();
  const now = useNow(10_000);
  const { signOut, error: notOut } = useSignOut();
  const { mutate: end, isPending, error: notEnded } = useMutation({
    mutationFn: (sessionId: string) => accounts.endSession(sessionId),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsKey }),
  });
  const problem = error ?? notEnded ?? notOut;
  return (
    <section className="mh-panel" aria-labelledby="sessions">
      <h3 id="sessions" className="settings-title">Where you are signed in</h3>
      {problem === null ? null : <ErrorNotice title="Not all went through" error={problem} />}
      {sessions === undefined && error === null ? <Loading what="your sessions" /> : null}
      <ul className="settings-list">
        {sessions?.map(({ sessionId, userAgent, address, createdAt, lastSeenAt, current }) => (
          <li key={sessionId}>
            <div>
              {suggestedName(userAgent)}{current ? <span className="settings-mark">this browser</span> : null}
              <p>from {address}, since {formatAgo(createdAt, now)}{current ? "" : `, last seen ${formatAgo(lastSeenAt, now)}`}</p>
            </div>
            {current ? null : <Button variant="default" size="xs" loading={isPending} onClick={() => end(sessionId)}>End it</Button>}
          </li>
        ))}
      </ul>
      <Button variant="default" onClick={() => signOut("everywhere")}>Sign out everywhere, here too</Button>
    </section>
  );
}
