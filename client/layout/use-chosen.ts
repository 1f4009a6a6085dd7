import { useState } from "react";

/**
 * What a control shows that is changed on the hub: what was chosen, at once, until the hub has answered; then what the
 * hub says, which after a refusal is what was before.
 */
export function useChosen<T>(onHub: T, change: (choice: T, settled: () => void) => void): readonly [T, (choice: T) => void] {
  const [chosen, setChosen] = useState<{ readonly choice: T } | null>(null);
  const choose = (choice: T) => {
    setChosen({ choice });
    change(choice, () => setChosen(null));
  };
  return [chosen === null ? onHub : chosen.choice, choose];
}
