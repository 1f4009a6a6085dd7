import { Group, MultiSelect, NumberInput, TextInput } from "@mantine/core";
import { CAPABILITIES, type Capability } from "../../protocol/capabilities.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { DraftOptions } from "./draft.ts";

type Requirement = Pick<DraftOptions, "capabilities" | "memoryMiB" | "engine">;

interface Props {
  readonly options: Requirement;
  readonly onChange: (change: Partial<Requirement>) => void;
}

/** What a Compute Server must offer. Each thing asked for makes them fewer. */
export function RequirementFields({ options, onChange }: Props) {
  return (
    <>
      <MultiSelect
        label="Requires"
        description="Only Compute Servers that offer all of it run the job"
        placeholder={options.capabilities.length === 0 ? "Nothing" : ""}
        data={[...CAPABILITIES]}
        value={options.capabilities}
        onChange={(chosen) => onChange({ capabilities: CAPABILITIES.filter((capability: Capability) => chosen.includes(capability)) })}
      />
      <Group grow align="start" gap="sm">
        <NumberInput
          label="Memory"
          description="Of the device, at least"
          placeholder="Any"
          min={1}
          max={LIMITS.memoryMiB}
          allowDecimal={false}
          suffix=" MiB"
          value={options.memoryMiB ?? ""}
          onChange={(value) => onChange({ memoryMiB: typeof value === "number" ? value : null })}
        />
        <TextInput
          label="Browser engine"
          description="With its least version"
          placeholder="Any; chromium-120"
          maxLength={LIMITS.capabilityChars}
          value={options.engine}
          onChange={(event) => onChange({ engine: event.currentTarget.value })}
        />
      </Group>
    </>
  );
}
