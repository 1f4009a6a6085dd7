import "./example-picker.css";
import { EXAMPLES, type Example } from "../../examples/catalogue.ts";

interface Props {
  readonly chosen: string | null;
  readonly onChoose: (example: Example) => void;
}

/** Examples to begin with, each a whole job. */
export function ExamplePicker({ chosen, onChoose }: Props) {
  return (
    <div className="example-picker" role="group" aria-label="Examples to begin with">
      {EXAMPLES.map((example) => (
        <button key={example.id} type="button" aria-pressed={example.id === chosen} onClick={() => onChoose(example)}>
          <span className="example-name">{example.name}</span>
          <span className="example-description">{example.description}</span>
        </button>
      ))}
    </div>
  );
}
