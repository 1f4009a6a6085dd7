import { formatRate } from "../format/quantity.ts";
import { sparklinePath } from "./sparkline-path.ts";

const WIDTH = 600;
const HEIGHT = 64;

/** Tasks done in each of the last seconds. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const { line, area, highest } = sparklinePath(values, WIDTH, HEIGHT);
  const now = values.at(-1) ?? 0;
  return (
    <figure className="contribute-sparkline">
      <svg viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} preserveAspectRatio="none" role="img" aria-label={`Tasks a second over the last minute: now ${formatRate(now)}, at most ${formatRate(highest)}`}>
        <path d={area} fill="var(--mh-running)" opacity="0.16" />
        <path d={line} fill="none" stroke="var(--mh-running)" strokeWidth="2" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
      </svg>
      <figcaption className="mh-soft" aria-hidden="true"><span>last minute</span><span>at most {formatRate(highest)} tasks/s</span></figcaption>
    </figure>
  );
}
