import * as z from "zod/mini";

// The home page's button is the volunteer's own press: it travels as the router's state. An address cannot carry it,
// so no link makes a tab compute.
const startNowSchema = z.object({ startNow: z.literal(true) });

export const START_NOW: z.infer<typeof startNowSchema> = { startNow: true };

export function asksToStart(routerState: unknown): boolean {
  return startNowSchema.safeParse(routerState).success;
}
