import { problemSchema } from "../../protocol/http/problem.ts";

const PICTURE_TIMEOUT_MS = 30_000;

/** Why the hub shows no picture at this address, in its words; null where it shows one after all. */
export async function pictureProblem(url: string): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PICTURE_TIMEOUT_MS) });
  } catch {
    return "Cannot load the picture: the hub cannot be reached. It is asked again with the next results; or load the page again.";
  }
  if (response.ok) {
    await response.body?.cancel();
    return null;
  }
  const problem = problemSchema.safeParse(await response.json().catch(() => null));
  return problem.success ? problem.data.detail : `Cannot load the picture: the hub answered ${response.status} ${response.statusText}`;
}
