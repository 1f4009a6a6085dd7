import { GridError } from "../../../protocol/grid-error.ts";
import type { NewJob } from "../archive.ts";
import { HTTP_LIMITS } from "../../limits.ts";

/** What text search looks through: name, tags and owner, folded, on lines of their own, so that no word spans two. */
export function searchText({ name, tags, owner }: Pick<NewJob, "name" | "tags" | "owner">): string {
  return fold([name, ...tags, owner].join("\n"));
}

/**
 * The LIKE patterns (escape character `\`) that a search text must fit, one a word.
 * Throws GridError "invalid-request" past 16 words.
 */
export function searchPatterns(text: string): readonly string[] {
  const words = fold(text).split(/\s+/u).filter((word) => word !== "");
  if (words.length > HTTP_LIMITS.searchWords) {
    throw new GridError("invalid-request", `Cannot search for ${words.length} words: the limit is ${HTTP_LIMITS.searchWords}. Leave some out.`);
  }
  return words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
}

// Both databases fold case differently, or for ASCII alone; so it is done here, before they see the text.
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
