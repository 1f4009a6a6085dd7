import { useEffect, useState } from "react";
import type { SourceCheck } from "./check-source.ts";

const CHECK_DELAY_MS = 300;

/** Checks code on the spot. The parsers come along when they are first needed. */
export async function checkNow(source: string): Promise<SourceCheck> {
  const { checkSource } = await import("./check-source.ts");
  return checkSource(source);
}

/** What is wrong with the code, a moment after the last key; null while nobody knows. */
export function useSourceCheck(source: string): SourceCheck | null {
  const [checked, setChecked] = useState<{ readonly source: string; readonly check: SourceCheck } | null>(null);
  useEffect(() => {
    if (source === "") return;
    let wanted = true;
    const show = (check: SourceCheck) => {
      if (wanted) setChecked({ source, check });
    };
    const failed = (error: Error) => show({ ok: false, problems: [{ line: null, column: null, message: `Cannot check the code: ${error.message}. Load the page again.` }] });
    const timer = setTimeout(() => void checkNow(source).then(show, failed), CHECK_DELAY_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [source]);
  return checked?.source === source ? checked.check : null;
}
