import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue, type Value } from "../../protocol/value.ts";
import type { SlotInputs } from "./slot-messages.ts";

/** How to read the input of a task by its position and its index. Throws GridError "malformed" for one that is no value. */
export function inputReader(inputs: SlotInputs): (position: number, index: number) => Value {
  if (inputs.kind === "range") {
    const { start, step } = inputs;
    return (_position, index) => start + index * step;
  }
  const packed = new PackedValues(inputs.packed);
  const { large } = inputs;
  return (position) => decodeValue(large.get(position) ?? packed.at(position));
}
