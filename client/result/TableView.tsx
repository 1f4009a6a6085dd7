import "./table-view.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Output } from "./output.ts";
import { cellText, INDEX_COLUMN, inferColumns, rowsOf, sortRows, type Row, type Sorting } from "./table-rows.ts";

const ROW_PIXELS = 34;
const OVERSCAN_ROWS = 12;
/** With fewer rows than this left below, the next page is asked for. */
const ROWS_LEFT_BEFORE_MORE = 200;
const COLUMN_MIN = "8.5rem";
const INDEX_WIDTH = "6.5rem";

interface Props {
  readonly label: string;
  readonly outputs: readonly Output[];
  /** Called when the reader comes near the end of what is loaded. */
  readonly onNearEnd?: () => void;
}

/** Outputs as rows, of which only those in sight are in the page. Sorts what is loaded. */
export function TableView({ label, outputs, onNearEnd }: Props) {
  const rows = useMemo(() => outputs.flatMap(rowsOf), [outputs]);
  const columns = useMemo(() => inferColumns(rows), [rows]);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const sorted = useMemo(() => sortRows(rows, sorting), [rows, sorting]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PIXELS, overscan: OVERSCAN_ROWS });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (sorted.length - lastSeen < ROWS_LEFT_BEFORE_MORE) onNearEnd?.();
  }, [lastSeen, sorted.length, onNearEnd]);
  const grid = { gridTemplateColumns: `${INDEX_WIDTH} repeat(${columns.length}, minmax(${COLUMN_MIN}, 1fr))` };
  return (
    <div ref={scroller} className="table-view" role="region" aria-label={label} tabIndex={0}>
      <div role="table" aria-label={label} aria-rowcount={sorted.length + 1} aria-colcount={columns.length + 1}>
        <div role="rowgroup" className="table-view-head">
          <div role="row" aria-rowindex={1} className="table-view-row" style={grid}>
            {[INDEX_COLUMN, ...columns].map((column) => <HeadCell key={column} column={column} sorting={sorting} onSort={setSorting} />)}
          </div>
        </div>
        <div role="rowgroup" className="table-view-body" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = sorted[index];
            return row === undefined ? null : (
              <div key={index} role="row" aria-rowindex={index + 2} className="table-view-row" style={{ ...grid, height: ROW_PIXELS, transform: `translateY(${start}px)` }}>
                <Cells row={row} columns={columns} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ row, columns }: { readonly row: Row; readonly columns: readonly string[] }) {
  return (
    <>
      <div role="rowheader" className="table-view-cell table-view-index">{row.index}</div>
      {columns.map((column) => {
        const text = cellText(row.cells[column]);
        return <div key={column} role="cell" className="table-view-cell" title={text}>{text}</div>;
      })}
    </>
  );
}

interface HeadProps {
  readonly column: string;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
}

/** Up, down, and back to the order of the tasks. */
function HeadCell({ column, sorting, onSort }: HeadProps) {
  const active = sorting?.column === column ? sorting : null;
  const direction = active === null ? "none" : active.descending ? "descending" : "ascending";
  const next = active === null ? { column, descending: false } : active.descending ? null : { column, descending: true };
  return (
    <div role="columnheader" className="table-view-cell" aria-sort={direction}>
      <button type="button" className="table-view-sort" onClick={() => onSort(next)} title={`Sort what is loaded by ${column}`}>
        <span>{column}</span>
        <span aria-hidden="true">{active === null ? "" : active.descending ? "↓" : "↑"}</span>
      </button>
    </div>
  );
}
