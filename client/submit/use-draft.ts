import { useCallback, useEffect, useState } from "react";
import { EMPTY_DRAFT, loadDraft, saveDraft, type Draft } from "./draft.ts";

const SAVE_DELAY_MS = 400;

export interface DraftHandle {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
  /** False when this browser keeps nothing for the tab. */
  readonly kept: boolean;
}

/** The draft of this tab: a reload or a look at another page loses nothing. */
export function useDraft(): DraftHandle {
  const [draft, setDraft] = useState(() => loadDraft(sessionStorage) ?? EMPTY_DRAFT);
  const [kept, setKept] = useState(true);
  useEffect(() => {
    const save = () => setKept(saveDraft(sessionStorage, draft));
    const timer = setTimeout(save, SAVE_DELAY_MS);
    return () => {
      clearTimeout(timer);
      saveDraft(sessionStorage, draft);
    };
  }, [draft]);
  const change = useCallback((part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), []);
  return { draft, change, kept };
}
