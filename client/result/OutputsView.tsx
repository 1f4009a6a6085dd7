import type { ViewKind } from "../../protocol/http/view.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { FilesView } from "./FilesView.tsx";
import type { Output } from "./output.ts";
import { TableView } from "./TableView.tsx";
import { TextView } from "./TextView.tsx";
import { ValueView } from "./ValueView.tsx";

interface Props {
  readonly kind: Exclude<ViewKind, "image" | "chart">;
  readonly outputs: readonly Output[];
  readonly onNearEnd?: () => void;
}

/** Outputs as their view says. */
export function OutputsView({ kind, outputs, onNearEnd }: Props) {
  const first = outputs[0];
  if (first === undefined) return <EmptyState title="No result yet">Results appear here as tasks finish.</EmptyState>;
  switch (kind) {
    case "table": return <TableView label="Results" outputs={outputs} {...(onNearEnd === undefined ? {} : { onNearEnd })} />;
    case "value": return <ValueView value={first.value} />;
    case "text": return <TextView outputs={outputs} />;
    case "files": return <FilesView outputs={outputs} />;
  }
}
