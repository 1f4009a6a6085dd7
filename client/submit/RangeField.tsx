import { Group, NumberInput, Text } from "@mantine/core";
import { formatQuantity } from "../format/quantity.ts";
import { checkRange, previewRange, type TypedRange } from "./range-inputs.ts";

const SHOWN = 4;

interface Props {
  readonly range: TypedRange;
  readonly onChange: (range: TypedRange) => void;
}

/** Start, end and step of a range, and what it comes to. */
export function RangeField({ range, onChange }: Props) {
  const checked = checkRange(range);
  const field = (label: string, name: keyof TypedRange) => (
    <NumberInput label={label} value={range[name] ?? ""} hideControls onChange={(value) => onChange({ ...range, [name]: typeof value === "number" ? value : null })} />
  );
  return (
    <div>
      <Group grow gap="xs">
        {field("Start", "start")}
        {field("End, not in it", "end")}
        {field("Step", "step")}
      </Group>
      <Text size="sm" mt="xs" c={checked.ok ? "dimmed" : "var(--mantine-color-error)"} aria-live="polite">
        {checked.ok ? `${formatQuantity(checked.count, "input")}: ${inWords(previewRange(checked, SHOWN), checked.count)}` : checked.message}
      </Text>
    </div>
  );
}

function inWords({ head, last }: { readonly head: readonly number[]; readonly last: number }, count: number): string {
  return count > head.length ? `${head.join(", ")}, … ${last}` : head.join(", ");
}
