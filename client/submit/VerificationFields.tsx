import { Alert, Checkbox, Group, NativeSelect, NumberInput } from "@mantine/core";
import { verificationInWords, type VerificationOption } from "../../protocol/http/verification.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { inexactMathWarning } from "../../sdk/inexact-math-warning.ts";
import type { DraftOptions } from "./draft.ts";
import { answerRules, isCompareChoice, isVerifyChoice } from "./verification-options.ts";

type Verification = DraftOptions["verification"];

interface Props {
  readonly verification: Verification;
  /** What a job gets here that does not say; undefined while nobody knows. */
  readonly byDefault: VerificationOption | undefined;
  /** What the code computes with whose last digits differ between browsers. */
  readonly inexact: readonly string[];
  readonly onChange: (verification: Verification) => void;
}

/** When an answer of a Compute Server is accepted, and when two of them are the same. */
export function VerificationFields({ verification, byDefault, inexact, onChange }: Props) {
  const set = (change: Partial<Verification>) => onChange({ ...verification, ...change });
  const rules = answerRules(verification, byDefault);
  const warning = inexactMathWarning(inexact, rules, "Choose above that numbers may be close, or that the answers of a task come from one browser engine.");
  return (
    <>
      <Group grow align="start" gap="sm">
        <NativeSelect
          label="Verification"
          description={sentence(verificationInWords(rules.policy))}
          data={[
            { value: "", label: byDefault === undefined ? "The hub's own" : `The hub's own: ${nameOf(byDefault)}` },
            { value: "first", label: "First answer" }, { value: "quorum", label: "Quorum" }, { value: "credibility", label: "Credibility" },
          ]}
          value={verification.policy}
          onChange={({ currentTarget: { value } }) => isVerifyChoice(value) && set({ policy: value })}
        />
        <PolicyNumber verification={verification} set={set} />
      </Group>
      {rules.policy === "first" ? null : <CompareFields verification={verification} set={set} />}
      {warning === null ? null : <Alert variant="light" title="Answers may differ between browsers">{warning}</Alert>}
    </>
  );
}

interface FieldProps {
  readonly verification: Verification;
  readonly set: (change: Partial<Verification>) => void;
}

function PolicyNumber({ verification, set }: FieldProps) {
  if (verification.policy === "quorum") {
    return (
      <NumberInput
        label="Equal answers" description="From so many volunteers" min={2} max={LIMITS.quorum} allowDecimal={false}
        value={verification.quorum} onChange={(value) => set({ quorum: typeof value === "number" ? value : 2 })}
      />
    );
  }
  if (verification.policy !== "credibility") return null;
  return (
    <NumberInput
      label="Wrong results" description="The share that may be borne" min={100 * LIMITS.errorRateLeast} max={100 * LIMITS.errorRateMost} suffix=" %"
      value={verification.errorPercent} onChange={(value) => set({ errorPercent: typeof value === "number" ? value : 1 })}
    />
  );
}

function CompareFields({ verification, set }: FieldProps) {
  const bound = (value: number | string) => (typeof value === "number" ? value : null);
  return (
    <>
      <NativeSelect
        label="Two answers are the same"
        data={[
          { value: "exact", label: "when they are equal" }, { value: "set", label: "when their lists hold the same, in any order" },
          { value: "tolerance", label: "when their numbers are close" },
        ]}
        value={verification.compare}
        onChange={({ currentTarget: { value } }) => isCompareChoice(value) && set({ compare: value })}
      />
      {verification.compare !== "tolerance" ? null : (
        <Group grow align="start" gap="sm">
          <NumberInput label="Relative" description="To the larger of the two" placeholder="None" min={0} max={1} value={verification.relative ?? ""} onChange={(value) => set({ relative: bound(value) })} />
          <NumberInput label="Absolute" description="Whatever their size" placeholder="None" min={0} value={verification.absolute ?? ""} onChange={(value) => set({ absolute: bound(value) })} />
        </Group>
      )}
      <Checkbox
        label="The answers of a task come from one browser engine"
        description="Whose rounding is the same; fewer Compute Servers can check each other"
        checked={verification.sameEngine}
        onChange={({ currentTarget }) => set({ sameEngine: currentTarget.checked })}
      />
    </>
  );
}

function nameOf(policy: VerificationOption): string {
  if (policy === "first") return "first answer";
  return "quorum" in policy ? `quorum of ${policy.quorum}` : `credibility, ${100 * policy.credibility.errorRate} % wrong`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
