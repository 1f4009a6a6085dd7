import { formatLeaseLeft } from "../format/duration.ts";

interface Props {
  /** Null: for ever. */
  readonly leftMs: number | null;
  /** The most that was seen left of this lease: the whole bar. */
  readonly longestMs: number | undefined;
}

/** What is left of a lease, in words and as a bar that shrinks until it is renewed. */
export function LeaseLeft({ leftMs, longestMs }: Props) {
  const share = leftMs === null ? 1 : leftMs / Math.max(1, longestMs ?? leftMs);
  return (
    <span className="lease-left">
      {formatLeaseLeft(leftMs)}
      <span className="lease-bar" aria-hidden="true"><span style={{ width: `${Math.min(1, share) * 100}%` }} /></span>
    </span>
  );
}
