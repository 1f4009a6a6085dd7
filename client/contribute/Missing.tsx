import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";

/** What this page lacks, for example because it came over plain http from another machine. */
export function Missing({ missing }: { readonly missing: readonly string[] }) {
  if (missing.length === 0) return null;
  return (
    <Alert variant="default" icon={<IconInfoCircle />} title="It works here, with less">
      <ul className="contribute-missing">{missing.map((what) => <li key={what}>{what}</li>)}</ul>
    </Alert>
  );
}
