import "./page.css";
import { useEffect, type ReactNode } from "react";

/** A longer title is set smaller: names of jobs may be two hundred characters long. */
const LONG_TITLE_CHARS = 60;

interface Props {
  readonly title: string;
  /** One sentence beneath the title. */
  readonly lead?: ReactNode;
  /** What stands at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its title, in the window's title too. */
export function Page({ title, lead, aside, children }: Props) {
  usePageTitle(title);
  return (
    <>
      <div className="page-head">
        <div>
          <h1 dir="auto" data-long={title.length > LONG_TITLE_CHARS}>{title}</h1>
          {lead === undefined ? null : <p className="mh-soft">{lead}</p>}
        </div>
        {aside}
      </div>
      <div className="page-body">{children}</div>
    </>
  );
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Manyhands`;
  }, [title]);
}
