import "./submit-page.css";
import { Alert, Button, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Example } from "../../examples/catalogue.ts";
import { SubmitButton } from "./SubmitButton.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Page } from "../layout/Page.tsx";
import type { SourceProblem } from "./check-source.ts";
import { EMPTY_DRAFT, type Draft } from "./draft.ts";
import { ExamplePicker } from "./ExamplePicker.tsx";
import { loadExampleSource } from "./example-sources.ts";
import { InputsField } from "./InputsField.tsx";
import { OptionsFields } from "./OptionsFields.tsx";
import { TryPanel } from "./TryPanel.tsx";
import { useDraft } from "./use-draft.ts";
import { useSourceCheck } from "./use-source-check.ts";
import { useSubmission } from "./use-submission.ts";

const CodeEditor = lazy(() => import("./CodeEditor.tsx"));

/** From a function and its inputs to a job. */
export default function SubmitPage() {
  const { draft, change, kept } = useDraft();
  const [taskIndex, setTaskIndex] = useState(0);
  const check = useSourceCheck(draft.source);
  const { grid, tryState, tryIt, submit, outcome } = useSubmission(draft);
  const problems = check?.ok === false ? check.problems : outcome.problems;
  return (
    <Page title="Submit a job" lead="One function and a list of inputs: each input becomes a task, and many hands run them.">
      <form
        className="submit-grid"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FunctionSection draft={draft} problems={problems} onChange={change} />
        <div className="submit-side">
          <section className="mh-panel" aria-labelledby="inputs">
            <h2 id="inputs">2. Its inputs</h2>
            <InputsField draft={draft} module={check?.ok === true ? check.module : null} onChange={change} />
          </section>
          <section className="mh-panel" aria-labelledby="try">
            <h2 id="try">3. Try it here first</h2>
            <TryPanel state={tryState} grid={grid} index={taskIndex} onIndex={setTaskIndex} onTry={() => void tryIt(taskIndex)} />
          </section>
          <section className="mh-panel" aria-labelledby="options">
            <h2 id="options">4. Send it off</h2>
            <OptionsFields
              options={draft.options} mail={grid?.mail ?? null} verification={grid?.verification} inexact={check?.ok === true ? check.module.inexact : []}
              onChange={(options) => change({ options })}
            />
            {outcome.error === null ? null : <div className="submit-error"><ErrorNotice title="The job was not submitted" error={outcome.error} /></div>}
            <SubmitButton submitting={outcome.submitting} />
            {kept ? null : <Text size="sm" c="dimmed" mt="xs">This browser keeps no draft: what you type is gone when the page is left.</Text>}
          </section>
        </div>
      </form>
    </Page>
  );
}

interface SectionProps {
  readonly draft: Draft;
  readonly problems: readonly SourceProblem[];
  readonly onChange: (change: Partial<Draft>) => void;
}

function FunctionSection({ draft, problems, onChange }: SectionProps) {
  const [before, setBefore] = useState<Draft | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const choose = (example: Example) => {
    loadExampleSource(example.id).then(
      (source) => {
        // Code that somebody wrote is not lost by a look at an example.
        setBefore(draft.exampleId === null && draft.source.trim() !== "" ? draft : null);
        setError(null);
        onChange(draftOf(example, source, draft));
      },
      (reason: Error) => setError(reason),
    );
  };
  return (
    <section className="mh-panel submit-function" aria-labelledby="function">
      <h2 id="function">1. The function</h2>
      <ExamplePicker chosen={draft.exampleId} onChoose={choose} />
      {before === null ? null : (
        <Alert variant="light" title="Your code was replaced" withCloseButton closeButtonLabel="Keep the example" onClose={() => setBefore(null)}>
          <Button size="xs" variant="default" onClick={() => { onChange(before); setBefore(null); }}>Bring it back</Button>
        </Alert>
      )}
      {error === null ? null : <ErrorNotice title="The example could not be opened" error={error} />}
      <Suspense fallback={<Skeleton height={320} role="status" aria-label="Loading the editor" />}>
        <CodeEditor
          label="The job's module, TypeScript"
          value={draft.source}
          problems={problems}
          onChange={(source) => { if (source !== draft.source) onChange({ source, exampleId: null }); }}
        />
      </Suspense>
      <ProblemList problems={draft.source === "" ? [] : problems} />
      {draft.source === "" ? <Text size="sm" c="dimmed">Choose an example, or write: <code>export default function (input) {"{ return … }"}</code></Text> : null}
    </section>
  );
}

/** The same errors as beside the lines, to be read in one place. */
function ProblemList({ problems }: { readonly problems: readonly SourceProblem[] }) {
  return (
    <ul className="submit-problems" aria-live="polite">
      {problems.map(({ line, column, message }) => (
        <li key={`${line}:${column}:${message}`}>{line === null ? null : <b>Line {line}{column === null ? "" : `, column ${column}`}: </b>}{message}</li>
      ))}
    </ul>
  );
}

function draftOf(example: Example, source: string, draft: Draft): Draft {
  return {
    ...draft,
    source,
    exampleId: example.id,
    inputs: "module",
    argsText: JSON.stringify(example.args, null, 2),
    options: { ...EMPTY_DRAFT.options, email: draft.options.email, name: example.name, tags: [example.id] },
  };
}
