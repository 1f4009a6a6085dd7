import { Accordion, Checkbox, Group, NumberInput, Stack, TagsInput, TextInput } from "@mantine/core";
import type { VerificationOption } from "../../protocol/http/verification.ts";
import { JOB_DEFAULTS } from "../../protocol/http/job-options.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { useSession } from "../account/session.ts";
import { VisibilityField } from "../sharing/VisibilityField.tsx";
import type { DraftOptions } from "./draft.ts";
import { PolicyField } from "./PolicyField.tsx";
import { RequirementFields } from "./RequirementFields.tsx";
import { VerificationFields } from "./VerificationFields.tsx";

interface Props {
  readonly options: DraftOptions;
  /** Whether this hub can send mail; null while nobody knows. */
  readonly mail: boolean | null;
  /** When this hub accepts an answer, of a job that does not say; undefined while nobody knows. */
  readonly verification: VerificationOption | undefined;
  /** What the code computes with whose last digits differ between browsers. */
  readonly inexact: readonly string[];
  readonly onChange: (options: DraftOptions) => void;
}

/** How the job shall be run and shown. */
export function OptionsFields({ options, mail, verification, inexact, onChange }: Props) {
  const set = (change: Partial<DraftOptions>) => onChange({ ...options, ...change });
  const session = useSession();
  return (
    <Stack gap="sm">
      <TextInput label="Name" required maxLength={LIMITS.nameMaxChars} value={options.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      <TextInput
        label="Mail me when it ends"
        type="email"
        placeholder="you@example.org"
        autoComplete="email"
        disabled={mail !== true}
        description={mail === false ? "Mail is not set up on this hub." : "One mail, with the link and the picture"}
        value={options.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
      />
      {session?.accounts === true ? (
        <VisibilityField label="Who may see it, and its results" value={options.visibility} onChange={(visibility) => set({ visibility })} />
      ) : (
        <Checkbox
          label="Show it in the gallery"
          description="Its name, tags and results, to everybody"
          checked={options.public}
          onChange={(event) => set({ public: event.currentTarget.checked })}
        />
      )}
      <Accordion variant="contained" order={3}>
        <Accordion.Item value="more">
          <Accordion.Control>More options</Accordion.Control>
          <Accordion.Panel><MoreOptions options={options} verification={verification} inexact={inexact} set={set} /></Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

type MoreProps = Pick<Props, "options" | "verification" | "inexact"> & { readonly set: (change: Partial<DraftOptions>) => void };

function MoreOptions({ options, verification, inexact, set }: MoreProps) {
  const number = (value: number | string, otherwise: number) => (typeof value === "number" ? value : otherwise);
  return (
    <Stack gap="sm">
      <TagsInput
        label="Tags"
        description="To be found by"
        placeholder="Type one, then Enter"
        maxTags={LIMITS.tags}
        value={options.tags}
        onChange={(tags) => set({ tags: tags.map((tag) => tag.slice(0, LIMITS.tagChars)) })}
      />
      <Group grow align="start" gap="sm">
        <NumberInput
          label="Priority"
          description="Higher runs first among your jobs"
          min={-100}
          max={100}
          allowDecimal={false}
          value={options.priority}
          onChange={(value) => set({ priority: number(value, JOB_DEFAULTS.priority) })}
        />
        <NumberInput
          label="Attempts"
          description="Before a task counts as failed"
          min={1}
          max={LIMITS.attempts}
          allowDecimal={false}
          value={options.maxAttempts}
          onChange={(value) => set({ maxAttempts: number(value, JOB_DEFAULTS.maxAttempts) })}
        />
      </Group>
      <NumberInput
        label="Time for one task"
        description="A task that runs longer is stopped"
        min={0.1}
        max={LIMITS.taskTimeoutMs / 1000}
        suffix=" s"
        value={options.taskTimeoutSeconds}
        onChange={(value) => set({ taskTimeoutSeconds: number(value, JOB_DEFAULTS.taskTimeoutMs / 1000) })}
      />
      <VerificationFields verification={options.verification} byDefault={verification} inexact={inexact} onChange={(verification) => set({ verification })} />
      <RequirementFields options={options} onChange={set} />
      <PolicyField policy={options.policy} onChange={(policy) => set({ policy })} />
    </Stack>
  );
}
