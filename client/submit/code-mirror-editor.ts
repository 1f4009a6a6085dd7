import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { DARK_COLOURS, LIGHT_COLOURS } from "./code-colours.ts";
import type { SourceProblem } from "./check-source.ts";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** CodeMirror with the parts that this page needs. */
export class CodeMirrorEditor {
  readonly #view: EditorView;
  readonly #colours = new Compartment();

  constructor({ parent, label, value, onChange }: EditorOptions) {
    const extensions = [
      lineNumbers(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
      highlightActiveLine(), highlightActiveLineGutter(),
      javascript({ typescript: true }),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      this.#colours.of(syntaxHighlighting(LIGHT_COLOURS)),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ];
    this.#view = new EditorView({ parent, state: EditorState.create({ doc: value, extensions }) });
  }

  /** Replaces the whole text when it is another one. */
  setValue(value: string): void {
    const { doc } = this.#view.state;
    if (doc.toString() === value) return;
    this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: value } });
  }

  setDark(dark: boolean): void {
    this.#view.dispatch({ effects: this.#colours.reconfigure([syntaxHighlighting(dark ? DARK_COLOURS : LIGHT_COLOURS), EditorView.darkTheme.of(dark)]) });
  }

  /** Shows problems beside their lines; those without a line are for the page to tell. */
  setProblems(problems: readonly SourceProblem[]): void {
    const diagnostics = problems.flatMap((problem) => diagnosticOf(problem, this.#view.state.doc));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  destroy(): void {
    this.#view.destroy();
  }
}

function diagnosticOf({ line, column, message }: SourceProblem, doc: Text): Diagnostic[] {
  if (line === null || line < 1 || line > doc.lines) return [];
  const { from, to } = doc.line(line);
  const start = Math.min(to, from + Math.max(0, (column ?? 1) - 1));
  return [{ from: start === to ? from : start, to, severity: "error", message }];
}
