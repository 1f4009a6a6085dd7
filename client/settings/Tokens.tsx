import { Anchor, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Account } from "../../protocol/http/accounts.ts";
import type { MadeToken, TokenView } from "../../protocol/http/accounts-tokens.ts";
import { accounts } from "../api/hub.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { CopyLink } from "../result/CopyLink.tsx";
import { tokensKey, tokensQuery } from "./account-queries.ts";
import { NewTokenForm } from "./NewTokenForm.tsx";

/** What programs sign in by. */
export function Tokens({ account }: { readonly account: Account }) {
  const { data: tokens, error } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<MadeToken | null>(null);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: tokensKey });
  const { mutate: revoke, isPending, error: notRevoked } = useMutation({ mutationFn: (tokenId: string) => accounts.revokeToken(tokenId), onSettled: refresh });
  const problem = error ?? notRevoked;
  return (
    <section className="mh-panel" aria-labelledby="tokens">
      <h3 id="tokens" className="settings-title">API tokens</h3>
      <p className="mh-soft">For <Anchor href="/api">programs</Anchor> and the command line: <code>MANYHANDS_TOKEN=mh_… manyhands run job.ts</code>. A token stands for you as far as its scopes reach.</p>
      {problem === null ? null : <ErrorNotice title="Not all went through" error={problem} />}
      {made === null ? null : <Secret made={made} onSeen={() => setMade(null)} />}
      {tokens === undefined && error === null ? <Loading what="your tokens" /> : null}
      {tokens?.length === 0 && made === null && !making ? <p className="mh-soft">You have none.</p> : null}
      <ul className="settings-list">{tokens?.map((token) => <Token key={token.tokenId} token={token} busy={isPending} onRevoke={() => revoke(token.tokenId)} />)}</ul>
      {making ? (
        <NewTokenForm
          role={account.role}
          onCancel={() => setMaking(false)}
          onMade={(token) => {
            setMade(token);
            setMaking(false);
            void refresh();
          }}
        />
      ) : <Button variant="default" onClick={() => setMaking(true)}>Make a token</Button>}
    </section>
  );
}

/** The one time that it is seen. */
function Secret({ made, onSeen }: { readonly made: MadeToken; readonly onSeen: () => void }) {
  return (
    <div className="settings-secret" role="status">
      <p><strong>{made.name}</strong> is made. Copy it now: it is not shown again, and the hub itself keeps only its hash.</p>
      <code className="mh-mono" aria-label="The new token">{made.token}</code>
      <div><CopyLink url={made.token} label="Copy the token" /> <Button variant="subtle" px="xs" onClick={onSeen}>I have it</Button></div>
    </div>
  );
}

function Token({ token, busy, onRevoke }: { readonly token: TokenView; readonly busy: boolean; readonly onRevoke: () => void }) {
  const now = useNow(10_000);
  const { name, scopes, createdAt, expiresAt, lastUsedAt } = token;
  const ends = expiresAt === null ? "does not expire" : expiresAt <= now ? "has expired" : `expires in ${formatDuration(expiresAt - now)}`;
  return (
    <li>
      <div>
        {name}{scopes.map((scope) => <span key={scope} className="settings-mark">{scope}</span>)}
        <p>made {formatAgo(createdAt, now)}, {ends}, {lastUsedAt === null ? "not used yet" : `last used ${formatAgo(lastUsedAt, now)}`}</p>
      </div>
      <Button variant="default" size="xs" loading={busy} aria-label={`Revoke ${name}`} onClick={onRevoke}>Revoke</Button>
    </li>
  );
}
