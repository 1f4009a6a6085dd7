import { median } from "./median.ts";
import type { BenchmarkResult, Row } from "./result.ts";

const HEAD = ["what", "ours", "peer", "ratio", "target"] as const;

/** The rows as a table that is Markdown and reads well on a terminal too. */
export function table(rows: readonly Row[]): string {
  const lines = [[...HEAD], ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) => `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`);
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [text[0], rule, ...text.slice(1)].join("\n");
}

/** A benchmark's part of RESULTS.md, and what it prints. */
export function section({ title, command, date, machine, rows, notes, quick }: BenchmarkResult): string {
  const { cpu, cores, memoryGiB, system, node, browser, loadBefore } = machine;
  const where = `${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node.slice(1)}${browser === null ? "" : `, ${browser}`}; load ${loadBefore.toFixed(1)} before it began`;
  return [
    `## ${title}`,
    `\`${command}\`, ${date.slice(0, 16).replace("T", " ")} UTC. ${where}.${quick ? " A smoke run: its sizes are too small to mean anything." : ""}`,
    table(rows),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join("\n")]),
  ].join("\n\n");
}

function cells({ what, unit, better, ours, peer, target }: Row): string[] {
  const figure = median(ours);
  const theirs = peer === undefined ? undefined : median(peer.figures);
  const ratio = theirs === undefined ? "" : `${number(better === "more" ? figure / theirs : theirs / figure)} ×`;
  return [
    what, withUnit(figure, unit),
    peer === undefined || theirs === undefined ? "" : `${peer.name}${peer.source === undefined ? "" : ` (${peer.source})`}: ${withUnit(theirs, unit)}`,
    ratio,
    target === undefined ? "" : `${better === "more" ? "≥" : "≤"} ${withUnit(target, unit)}, ${isMet(figure, target, better) ? "met" : "missed"}`,
  ];
}

function isMet(figure: number, target: number, better: Row["better"]): boolean {
  return better === "more" ? figure >= target : figure <= target;
}

function withUnit(value: number, unit: string): string {
  return unit === "" ? number(value) : `${number(value)} ${unit}`;
}

/** Three figures that count, or all before the point. */
function number(value: number): string {
  return value.toLocaleString("en", Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}
