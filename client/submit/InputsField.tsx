import { JsonInput, SegmentedControl, Stack, Text } from "@mantine/core";
import type { CheckedSource } from "./check-source.ts";
import type { Draft } from "./draft.ts";
import { DataField } from "./DataField.tsx";
import { parseArgs } from "./args.ts";
import { RangeField } from "./RangeField.tsx";

const KINDS = [
  { value: "module", label: "From the code" },
  { value: "range", label: "A range" },
  { value: "data", label: "Data" },
] as const;
const KIND_BY_VALUE = new Map<string, Draft["inputs"]>(KINDS.map(({ value }) => [value, value]));

interface Props {
  readonly draft: Draft;
  /** Null while the code has errors. */
  readonly module: CheckedSource | null;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** Where the inputs come from: one task for each. */
export function InputsField({ draft, module, onChange }: Props) {
  const args = parseArgs(draft.argsText);
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Where the inputs come from"
        fullWidth
        data={[...KINDS]}
        value={draft.inputs}
        onChange={(value) => onChange({ inputs: KIND_BY_VALUE.get(value) ?? "module" })}
      />
      {draft.inputs === "module" ? <ModuleHint module={module} /> : null}
      {draft.inputs === "range" ? <RangeField range={draft.range} onChange={(range) => onChange({ range })} /> : null}
      {draft.inputs === "data" ? <DataField data={draft.data} onChange={(data) => onChange({ data })} /> : null}
      {draft.inputs === "module" || module?.hasView === true ? (
        <JsonInput
          label="Arguments"
          description="JSON, handed to the code's inputs and view"
          placeholder='{ "width": 640 }'
          autosize
          minRows={2}
          maxRows={12}
          validationError={null}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.85rem" } }}
          error={args.ok ? null : args.message}
          value={draft.argsText}
          onChange={(argsText) => onChange({ argsText })}
        />
      ) : null}
    </Stack>
  );
}

function ModuleHint({ module }: { readonly module: CheckedSource | null }) {
  if (module === null || module.hasInputs) {
    return <Text size="sm" c="dimmed">The code's own <code>inputs(args)</code> makes them, in this tab's sandbox.</Text>;
  }
  return (
    <Text size="sm" c="var(--mantine-color-error)">
      The code exports no <code>inputs</code>. Add <code>export function* inputs(args) {"{ yield … }"}</code>, or give a range or data.
    </Text>
  );
}
