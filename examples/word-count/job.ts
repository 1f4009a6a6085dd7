// How often does each word stand in a text? Each task counts the words of one initial letter, so that every word is
// counted in one place. As an input of its own, for example a line of a file, any text will do as well.

/** The words of the text, gathered by their initial. */
export function inputs({ text }: { text: string }) {
  const byInitial = new Map<string, string[]>();
  for (const word of wordsOf(text)) {
    const gathered = byInitial.get(word.charAt(0));
    if (gathered === undefined) byInitial.set(word.charAt(0), [word]);
    else gathered.push(word);
  }
  return Array.from(byInitial.values(), (words) => words.join(" "));
}

/** The words with their counts, the most frequent first. */
export default function countWords(text: string) {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => ({ word, count })).sort((a, b) => b.count - a.count || a.word.localeCompare(b.word));
}

/** In lower case, in any script; an apostrophe or a hyphen may stand inside. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]\p{M}*(?:['’-]?[\p{L}\p{N}]\p{M}*)*/gu) ?? [];
}

export const view = { kind: "table" };
