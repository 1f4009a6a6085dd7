import "./empty-state.css";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** Nothing is here, why, and what to do next. */
export function EmptyState({ title, children }: Props) {
  return (
    <div className="empty-state">
      <svg width="72" height="40" viewBox="0 0 72 40" aria-hidden="true" focusable="false">
        {Array.from({ length: 12 }, (_, tile) => (
          <rect key={tile} x={1 + (tile % 6) * 12} y={8 + Math.floor(tile / 6) * 12} width="9" height="9" rx="2" fill={tile === 4 ? "var(--mh-running)" : "var(--mh-pending)"} />
        ))}
      </svg>
      <p className="empty-state-title">{title}</p>
      <div className="mh-soft">{children}</div>
    </div>
  );
}
