import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { GridPulse } from "../../protocol/http/registry.ts";
import { TriedOutput } from "./TriedOutput.tsx";
import { TriedTaskError, type TriedTask } from "./try-job.ts";

export interface TryState {
  readonly running: boolean;
  readonly tried: TriedTask | null;
  readonly error: Error | null;
}

interface Props {
  readonly state: TryState;
  readonly grid: GridPulse | undefined;
  readonly index: number;
  readonly onIndex: (index: number) => void;
  readonly onTry: () => void;
}

/** Runs one task in this tab's own sandbox, before many hands run them all. */
export function TryPanel({ state, grid, index, onIndex, onTry }: Props) {
  return (
    <Stack gap="sm">
      <Group align="end" gap="xs">
        <NumberInput label="Task" w={110} min={0} allowDecimal={false} value={index} onChange={(value) => onIndex(typeof value === "number" ? value : 0)} />
        <Button variant="default" leftSection={<IconPlayerPlay size={16} />} loading={state.running} disabled={grid === undefined} onClick={onTry}>Try it here</Button>
      </Group>
      {state.error === null ? null : <TryError error={state.error} />}
      {state.tried === null ? null : <TriedOutput tried={state.tried} grid={grid} />}
      {state.tried === null && state.error === null ? <Text size="sm" c="dimmed">Runs in this tab only, in the same sandbox as everywhere: no network, no storage.</Text> : null}
    </Stack>
  );
}

function TryError({ error }: { readonly error: Error }) {
  return (
    <div role="alert">
      <Text size="sm" c="var(--mantine-color-error)" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{error.message}</Text>
      {error instanceof TriedTaskError && error.where !== "" ? <details><summary>Where it happened</summary><pre className="mh-mono" style={{ overflow: "auto" }}>{error.where}</pre></details> : null}
    </div>
  );
}
