import "./error-notice.css";
import { Alert, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly error: Error;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** What went wrong, in the words of whoever refused it. What stands below the first line may be code, with a caret under its fault. */
export function ErrorNotice({ title, error, children }: Props) {
  const [sentence = "", ...excerpt] = error.message.split("\n");
  return (
    <Alert color="clay" variant="default" title={title} icon={<IconAlertTriangle color="var(--mh-failed)" />} role="alert">
      <Text size="sm" className="error-sentence">{sentence}</Text>
      {excerpt.length === 0 ? null : <pre className="error-excerpt mh-mono">{excerpt.join("\n")}</pre>}
      {children === undefined ? null : <Group mt="sm">{children}</Group>}
    </Alert>
  );
}
