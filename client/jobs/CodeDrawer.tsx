import "./code-drawer.css";
import { Anchor, Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { codeLines } from "./code-lines.ts";

interface Props {
  readonly executableId: string;
  readonly title: string;
  /** How this page may read it. */
  readonly read: () => Promise<string>;
  /** Where the whole file can be opened; null where this page alone can read it. */
  readonly wholeFile: string | null;
  readonly onClose: () => void;
}

/** The JavaScript of an Executable, to be read. It is shown as text and never run here. */
export default function CodeDrawer({ executableId, title, read, wholeFile, onClose }: Props) {
  const { data: source, error } = useQuery({ queryKey: ["executables", executableId], queryFn: read, staleTime: Infinity });
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={`Code of ${title}`}>
      <p className="mh-soft code-id">Executable <span className="mh-mono">{executableId}</span></p>
      {error === null ? null : <ErrorNotice title="The code cannot be shown" error={error} />}
      {source === undefined && error === null ? <Loading what="the code" lines={8} /> : null}
      {source === undefined ? null : <Code source={source} wholeFile={wholeFile} />}
    </Drawer>
  );
}

function Code({ source, wholeFile }: { readonly source: string; readonly wholeFile: string | null }) {
  const { lines, complete } = codeLines(source);
  return (
    <>
      <ol className="code" aria-label="Source code">{lines.map(({ number, text }) => <li key={number}><code>{text}</code></li>)}</ol>
      {complete ? null : (
        <p className="mh-soft">
          This is its beginning. {wholeFile === null ? null : <><Anchor href={wholeFile} target="_blank" rel="noreferrer">Open the whole file</Anchor>.</>}
        </p>
      )}
    </>
  );
}
