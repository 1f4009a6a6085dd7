// Which of these proteins is akin to mine? Each task aligns the query with one record of a FASTA list, by the algorithm
// of Smith and Waterman (1981) with the gap costs of Gotoh (1982), and tells the best local alignment.

interface Args { query: string; fasta: string; gapOpen?: number; gapExtend?: number }
interface Pair { query: string; name: string; sequence: string; gapOpen: number; gapExtend: number }

export function* inputs({ query, fasta, gapOpen = 11, gapExtend = 1 }: Args) {
  for (const record of fasta.split(/^>/m).slice(1)) {
    const [name = "", ...lines] = record.split("\n");
    yield { query, name: name.trim(), sequence: lines.join("").replace(/\s/g, ""), gapOpen, gapExtend } satisfies Pair;
  }
}

export const view = { kind: "table" };

/** A gap of n letters costs gapOpen + n * gapExtend. Letters of no amino acid count as X. */
export default function align({ query, name, sequence, gapOpen, gapExtend }: Pair) {
  const columns = sequence.length + 1;
  const score = new Int32Array((query.length + 1) * columns); // best alignment that ends here
  const inQuery = new Int32Array(score.length); // … with a letter of the query against a gap
  const inTarget = new Int32Array(score.length); // … with a letter of the target against a gap
  const at = (table: Int32Array, cell: number) => table[cell] ?? 0;
  let best = 0;
  for (let i = 1; i <= query.length; i++) {
    for (let j = 1; j < columns; j++) {
      const cell = i * columns + j;
      inQuery[cell] = Math.max(at(inQuery, cell - columns), at(score, cell - columns) - gapOpen) - gapExtend;
      inTarget[cell] = Math.max(at(inTarget, cell - 1), at(score, cell - 1) - gapOpen) - gapExtend;
      const paired = at(score, cell - columns - 1) + similarity(query.charAt(i - 1), sequence.charAt(j - 1));
      score[cell] = Math.max(0, paired, at(inQuery, cell), at(inTarget, cell));
      if (at(score, cell) > at(score, best)) best = cell;
    }
  }
  // Back from the best end to where the alignment begins.
  let top = "", bottom = "", cell = best;
  let table = score;
  while (table !== score || at(score, cell) > 0) {
    const i = Math.floor(cell / columns), j = cell % columns;
    if (table === score && at(score, cell) === at(inQuery, cell)) table = inQuery;
    else if (table === score && at(score, cell) === at(inTarget, cell)) table = inTarget;
    else if (table === score) { top = query.charAt(i - 1) + top; bottom = sequence.charAt(j - 1) + bottom; cell -= columns + 1; }
    else {
      const back = table === inQuery ? columns : 1;
      top = (table === inQuery ? query.charAt(i - 1) : "-") + top;
      bottom = (table === inQuery ? "-" : sequence.charAt(j - 1)) + bottom;
      if (at(table, cell) === at(score, cell - back) - gapOpen - gapExtend) table = score;
      cell -= back;
    }
  }
  const same = Array.from(top).filter((letter, i) => letter.toUpperCase() === bottom.charAt(i).toUpperCase()).length;
  return { name, score: at(score, best), identity: top === "" ? 0 : same / top.length, length: top.length, query: top, target: bottom };
}

// How alike two amino acids are: BLOSUM62 (Henikoff and Henikoff, 1992), the lower half, row by row.
const LETTERS = "ARNDCQEGHILKMFPSTWYVX";
const BLOSUM62 = `
4
-1 5
-2 0 6
-2 -2 1 6
0 -3 -3 -3 9
-1 1 0 0 -3 5
-1 0 0 2 -4 2 5
0 -2 0 -1 -3 -2 -2 6
-2 0 1 -1 -3 0 0 -2 8
-1 -3 -3 -3 -1 -3 -3 -4 -3 4
-1 -2 -3 -4 -1 -2 -3 -4 -3 2 4
-1 2 0 -1 -3 1 1 -2 -1 -3 -2 5
-1 -1 -2 -3 -1 0 -2 -3 -2 1 2 -1 5
-2 -3 -3 -3 -2 -3 -3 -3 -1 0 0 -3 0 6
-1 -2 -2 -1 -3 -1 -1 -2 -2 -3 -3 -1 -2 -4 7
1 -1 1 0 -1 0 0 0 -1 -2 -2 0 -1 -2 -1 4
0 -1 0 -1 -1 -1 -1 -2 -2 -1 -1 -1 -1 -2 -1 1 5
-3 -3 -4 -4 -2 -2 -3 -2 -2 -3 -2 -3 -1 1 -4 -3 -2 11
-2 -2 -2 -3 -2 -1 -2 -3 2 -1 -1 -2 -1 3 -3 -2 -2 2 7
0 -3 -3 -3 -1 -2 -2 -3 -3 3 1 -2 1 -1 -2 -2 0 -3 -1 4
0 -1 -1 -1 -2 -1 -1 -1 -1 -1 -1 -1 -1 -1 -2 0 0 -2 -1 -1 -1`
  .trim().split("\n").map((row) => row.split(" ").map(Number));

const PLACE = new Map(Array.from(LETTERS, (letter, place) => [letter, place]));

export function similarity(a: string, b: string): number {
  const unknown = LETTERS.length - 1;
  const first = PLACE.get(a.toUpperCase()) ?? unknown, second = PLACE.get(b.toUpperCase()) ?? unknown;
  return BLOSUM62[Math.max(first, second)]?.[Math.min(first, second)] ?? 0;
}
