import "./data-field.css";
import { Button, FileButton, Group, NativeSelect, Text, Textarea } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState, type DragEvent } from "react";
import { LIMITS } from "../../protocol/limits.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";
import type { Draft } from "./draft.ts";
import { guessFormat, type DataFormat, type ParsedInputs } from "./input-parsing.ts";
import { useParsedData } from "./use-parsed-data.ts";

const FORMATS = [
  { value: "lines", label: "List, one input a line" },
  { value: "json", label: "JSON list" },
  { value: "ndjson", label: "NDJSON, one JSON value a line" },
  { value: "csv", label: "CSV, first line names the columns" },
] as const;
const FORMAT_BY_VALUE = new Map<string, DataFormat>(FORMATS.map(({ value }) => [value, value]));
const SHOWN_INPUTS = 5;
/** A text field with more than this is slow; the file is used all the same. */
const SHOWN_CHARS = 200_000;
const MAX_FILE_BYTES = LIMITS.submissionBytes;

interface Props {
  readonly data: Draft["data"];
  readonly onChange: (data: Draft["data"]) => void;
}

/** Data to paste, type or drop; each item becomes an input. */
export function DataField({ data, onChange }: Props) {
  const parsed = useParsedData(data.format, data.text);
  const [fileError, setFileError] = useState<string | null>(null);
  const take = (file: File | null | undefined) => {
    if (file === null || file === undefined) return;
    readFile(file).then(
      (text) => {
        setFileError(null);
        onChange({ format: guessFormat(file.name, text), text, fileName: file.name });
      },
      (error: Error) => setFileError(error.message),
    );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  const long = data.text.length > SHOWN_CHARS;
  return (
    <div className="data-field" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Group gap="xs" align="end">
        <NativeSelect
          flex={1}
          label="Format"
          data={[...FORMATS]}
          value={data.format}
          onChange={(event) => onChange({ ...data, format: FORMAT_BY_VALUE.get(event.currentTarget.value) ?? "lines" })}
        />
        <FileButton onChange={take} accept=".json,.ndjson,.jsonl,.csv,.tsv,.txt">
          {(props) => <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>Open a file</Button>}
        </FileButton>
      </Group>
      <Textarea
        label={data.fileName === null ? "Inputs" : `Inputs from ${data.fileName}`}
        placeholder="Type, paste, or drop a file here"
        autosize
        minRows={4}
        maxRows={10}
        readOnly={long}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.85rem" } }}
        value={long ? `${data.text.slice(0, SHOWN_CHARS)}…` : data.text}
        onChange={(event) => onChange({ ...data, text: event.currentTarget.value })}
        onPaste={(event) => {
          if (data.text !== "") return;
          const text = event.clipboardData.getData("text/plain");
          event.preventDefault();
          onChange({ format: guessFormat(null, text), text, fileName: null });
        }}
      />
      {long ? (
        <Button size="compact-sm" variant="subtle" onClick={() => onChange({ ...data, text: "", fileName: null })}>
          Clear these {formatCount(data.text.length)} characters
        </Button>
      ) : null}
      {fileError === null ? null : <Text size="sm" c="var(--mantine-color-error)" role="alert">{fileError}</Text>}
      {data.text === "" || parsed === null ? null : <Preview parsed={parsed} />}
    </div>
  );
}

/** The first inputs as they were understood, or the lines that were not. */
function Preview({ parsed }: { readonly parsed: ParsedInputs }) {
  if (!parsed.ok) {
    return (
      <ul className="data-errors" aria-live="polite">
        {parsed.errors.map(({ line, message }) => <li key={`${line} ${message}`}>{line === null ? "" : <b>Line {line}: </b>}{message}</li>)}
      </ul>
    );
  }
  const { values } = parsed;
  return (
    <div className="data-preview" aria-live="polite">
      <p>{formatQuantity(values.length, "input")}, the first:</p>
      <pre>{values.slice(0, SHOWN_INPUTS).map((value) => JSON.stringify(value)).join("\n")}</pre>
    </div>
  );
}

async function readFile(file: File): Promise<string> {
  if (file.size > MAX_FILE_BYTES) throw new Error(`Cannot take ${file.name}: it is larger than the ${formatCount(MAX_FILE_BYTES / 1024 / 1024)} MiB that a submission may have`);
  try {
    return await file.text();
  } catch (error) {
    throw new Error(`Cannot read ${file.name}: the browser could not open it. Was it moved?`, { cause: error });
  }
}
