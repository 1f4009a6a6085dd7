/** A hand whose fingers are bars of a chart; the middle one is at work. Decoration: the name stands beside it. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <g fill="var(--mh-done)">
        <rect x="7" y="8" width="4" height="15" rx="2" />
        <rect x="12.3" y="4" width="4" height="19" rx="2" />
        <rect x="17.6" y="5.5" width="4" height="17.5" rx="2" />
        <rect x="22.9" y="9.5" width="4" height="13.5" rx="2" />
        <path d="M7 17h19.9v4.5a7.5 7.5 0 0 1-7.5 7.5h-3.2a9 9 0 0 1-6.6-2.9l-5.2-5.6a2.1 2.1 0 0 1 3-2.9z" />
      </g>
      <rect x="12.3" y="4" width="4" height="9" rx="2" fill="var(--mh-running)" />
    </svg>
  );
}
