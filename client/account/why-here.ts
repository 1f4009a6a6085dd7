import * as z from "zod/mini";

// Why somebody is shown the sign-in page. It travels as the router's state: no link can put words there.

const whySchema = z.object({ why: z.enum(["ended", "left"]) });
type Why = z.infer<typeof whySchema>;

/** The session ended while it was in use. */
export const ENDED: Why = { why: "ended" };
/** The person signed out. */
export const LEFT: Why = { why: "left" };

export function whyHere(routerState: unknown): Why["why"] | null {
  return whySchema.safeParse(routerState).data?.why ?? null;
}
