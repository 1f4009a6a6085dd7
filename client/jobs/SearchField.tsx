import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

const TYPING_MS = 250;

interface Props {
  readonly label: string;
  readonly value: string;
  /** Called when the typing rests. */
  readonly onChange: (words: string) => void;
}

export function SearchField({ label, value, onChange }: Props) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const [last, setLast] = useState(value);
  const tell = useDebouncedCallback((words: string) => {
    setTold(words);
    onChange(words);
  }, TYPING_MS);
  // The address changed: if not by what was typed here, then by the way back or "Show all jobs".
  if (value !== last) {
    setLast(value);
    if (value !== told) {
      setTold(value);
      setTyped(value);
    }
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value);
      }}
      style={{ flex: "1 1 14rem" }}
    />
  );
}
