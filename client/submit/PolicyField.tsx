import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { policiesQuery } from "../api/queries.ts";

interface Props {
  /** Empty: the hub's own. */
  readonly policy: string;
  readonly onChange: (policy: string) => void;
}

/** How the Compute Server is chosen that gets the next batch. While the hub does not answer, the choice is kept. */
export function PolicyField({ policy, onChange }: Props) {
  const { data } = useQuery(policiesQuery);
  const known = data?.policies ?? [];
  const names = known.map(({ name }) => name);
  const chosen = policy === "" ? data?.byDefault : policy;
  const summary = known.find(({ name }) => name === chosen)?.summary;
  return (
    <NativeSelect
      label="Placement policy"
      description={summary === undefined ? "Which Compute Server gets the next batch" : `The next batch goes ${summary}`}
      data={[
        { value: "", label: data === undefined ? "The hub's own" : `The hub's own: ${data.byDefault}` },
        ...(policy === "" || names.includes(policy) ? names : [policy, ...names]),
      ]}
      value={policy}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
