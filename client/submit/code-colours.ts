import { HighlightStyle } from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** Few colours, each at least 4.5 : 1 on the ground of its scheme. */
function colours(keyword: string, name: string, literal: string, comment: string): HighlightStyle {
  return HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: keyword },
    { tag: [tags.typeName, tags.className, tags.namespace], color: name },
    { tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName)), tags.function(tags.propertyName)], color: name },
    { tag: [tags.string, tags.regexp, tags.number, tags.bool, tags.null, tags.atom], color: literal },
    { tag: tags.comment, color: comment, fontStyle: "italic" },
  ]);
}

export const LIGHT_COLOURS = colours("#7a2f7a", "#17634a", "#9a4a00", "#5f6d67");
export const DARK_COLOURS = colours("#d7a5e0", "#77c5a6", "#f2b76b", "#93a39d");
