import { Skeleton, Stack } from "@mantine/core";

/** A quiet place holder. `what` is for those who do not see it. */
export function Loading({ what, lines = 3 }: { readonly what: string; readonly lines?: number }) {
  return (
    <Stack gap="sm" component="output" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={line === 0 ? 30 : 18} width={line === 0 ? "40%" : "100%"} />)}
    </Stack>
  );
}
