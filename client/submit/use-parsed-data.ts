import { useEffect, useState } from "react";
import { parseData, type DataFormat, type ParsedInputs } from "./input-parsing.ts";

const PARSE_DELAY_MS = 250;

/** Data as inputs, a moment after the last key; null while it is being read. */
export function useParsedData(format: DataFormat, text: string): ParsedInputs | null {
  const [parsed, setParsed] = useState<ParsedInputs | null>(null);
  useEffect(() => {
    let wanted = true;
    const show = (inputs: ParsedInputs) => {
      if (wanted) setParsed(inputs);
    };
    const failed = (error: Error) => show({ ok: false, errors: [{ line: null, message: `Cannot read the inputs: ${error.message}` }] });
    const timer = setTimeout(() => void parseData(format, text).then(show, failed), PARSE_DELAY_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [format, text]);
  return parsed;
}
