import { Radio, Stack } from "@mantine/core";
import type { Visibility } from "../../protocol/http/sharing.ts";
import { VISIBILITIES } from "./visibility-words.ts";

interface Props {
  readonly label: string;
  readonly value: Visibility;
  readonly disabled?: boolean;
  readonly onChange: (visibility: Visibility) => void;
}

/** Who may see a job and its results. */
export function VisibilityField({ label, value, disabled = false, onChange }: Props) {
  const choose = (text: string) => {
    const chosen = VISIBILITIES.find((one) => one.value === text);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <Radio.Group label={label} value={value} onChange={choose}>
      <Stack gap="xs" mt="xs">
        {VISIBILITIES.map((one) => <Radio key={one.value} value={one.value} label={one.label} description={one.description} disabled={disabled} />)}
      </Stack>
    </Radio.Group>
  );
}
