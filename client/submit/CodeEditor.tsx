import "./code-editor.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useEffectEvent, useRef } from "react";
import { CodeMirrorEditor } from "./code-mirror-editor.ts";
import type { SourceProblem } from "./check-source.ts";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly problems: readonly SourceProblem[];
  readonly onChange: (value: string) => void;
}

/** A TypeScript editor with errors beside their lines. Tab leaves it, so that no keyboard is caught. */
export default function CodeEditor({ label, value, problems, onChange }: Props) {
  const scheme = useComputedColorScheme("light");
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeMirrorEditor | null>(null);
  const changed = useEffectEvent(onChange);
  const start = useEffectEvent((element: HTMLDivElement) => new CodeMirrorEditor({ parent: element, label, value, onChange: (text) => changed(text) }));
  useEffect(() => {
    if (parent.current === null) return;
    const created = start(parent.current);
    editor.current = created;
    return () => {
      editor.current = null;
      created.destroy();
    };
  }, []);
  useEffect(() => editor.current?.setValue(value), [value]);
  useEffect(() => editor.current?.setDark(scheme === "dark"), [scheme]);
  useEffect(() => editor.current?.setProblems(problems), [problems, value]);
  return <div ref={parent} className="code-editor" />;
}
