import type { Visibility } from "../../protocol/http/sharing.ts";

export const VISIBILITIES: readonly { readonly value: Visibility; readonly label: string; readonly description: string }[] = [
  { value: "private", label: "Private", description: "You, and the operators of this hub" },
  { value: "link", label: "By link", description: "Whoever has a link that nobody can guess" },
  { value: "public", label: "Public", description: "Everybody, in the gallery" },
];

/** Who sees it, for a list of facts or a line of a list. */
export function visibilityInWords(visibility: Visibility): string {
  switch (visibility) {
    case "private": return "private";
    case "link": return "shared by link";
    case "public": return "public";
  }
}
