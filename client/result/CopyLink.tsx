import { Button, Popover, TextInput } from "@mantine/core";
import { IconCheck, IconLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";

const SAID_MS = 2_000;

interface Props {
  /** Default: this page's own address. */
  readonly url?: string;
  readonly label?: string;
}

/** Puts an address on the clipboard; where the page may not, shows it ready to be copied. */
export function CopyLink({ url = location.href, label = "Copy link" }: Props) {
  const [outcome, setOutcome] = useState<"none" | "copied" | "by-hand">("none");
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(() => setOutcome("none"), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  // A page without https has no clipboard, whatever the types say.
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      setOutcome("copied");
    } catch {
      setOutcome("by-hand");
    }
  };
  return (
    <Popover opened={outcome === "by-hand"} onChange={() => setOutcome("none")} trapFocus withArrow>
      <Popover.Target>
        <Button variant="default" px="xs" leftSection={outcome === "copied" ? <IconCheck size={16} /> : <IconLink size={16} />} onClick={() => void copy()}>
          <span aria-live="polite">{outcome === "copied" ? "Copied" : label}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput label="Copy it from here" value={url} readOnly data-autofocus onFocus={(event) => event.currentTarget.select()} miw={260} />
      </Popover.Dropdown>
    </Popover>
  );
}
