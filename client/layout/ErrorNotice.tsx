import { Alert, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly error: Error;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** What went wrong, in the words of whoever refused it. */
export function ErrorNotice({ title, error, children }: Props) {
  return (
    <Alert color="clay" variant="default" title={title} icon={<IconAlertTriangle color="var(--mh-failed)" />} role="alert">
      <Text size="sm" style={{ whiteSpace: "pre-line" }}>{error.message}</Text>
      {children === undefined ? null : <Group mt="sm">{children}</Group>}
    </Alert>
  );
}
