import "./card-picture.css";
import { IconChartLine, IconFile, IconHash, IconList, IconPhoto, IconTable, IconTextSize, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import type { Job } from "../../protocol/http/job.ts";
import type { ViewKind } from "../../protocol/http/view.ts";
import { growingPicturePath } from "../jobs/growing-picture.ts";

const FACES: Readonly<Record<ViewKind, { readonly icon: Icon; readonly word: string }>> = {
  image: { icon: IconPhoto, word: "Picture" },
  chart: { icon: IconChartLine, word: "Chart" },
  table: { icon: IconTable, word: "Table" },
  value: { icon: IconHash, word: "Value" },
  text: { icon: IconTextSize, word: "Text" },
  files: { icon: IconFile, word: "Files" },
};
const UNDECLARED_FACE = { icon: IconList, word: "Results" };

/** What a job looks like on a card: its picture, or the sign of its kind where there is none, or none that can be shown. */
export function CardPicture({ job }: { readonly job: Job }) {
  const [failed, setFailed] = useState<string | null>(null);
  const path = growingPicturePath(job);
  const pictured = job.pictureUrl !== null && job.tasks.done > 0 && failed !== path;
  const { icon: KindIcon, word } = job.view === null ? UNDECLARED_FACE : FACES[job.view.kind];
  return (
    <div className="card-picture" data-kind={pictured ? job.view?.kind : "face"}>
      {pictured
        ? <img src={path} alt="" loading="lazy" decoding="async" onError={() => setFailed(path)} />
        : <span className="card-face"><KindIcon size={34} stroke={1.3} aria-hidden="true" />{word}</span>}
    </div>
  );
}
