import { describe, expect, test } from "vitest";
import { SubmissionReader } from "./submission-reader.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const submission = (source: string) => bytes(JSON.stringify({ name: "test", executable: { source }, inputs: [1, 2] }));

describe("SubmissionReader", () => {
  test("submission: is read on the thread", async () => {
    const read = await new SubmissionReader().submission(submission("export default (n) => n"));
    expect(read).toMatchObject({ name: "test", tasks: 2, executable: { view: null } });
  });

  test("submission: a refusal keeps its kind and its places", async () => {
    const refused = new SubmissionReader().submission(submission("export default"));
    await expect(refused).rejects.toMatchObject({ kind: "unreadable-executable", errors: [{ line: 1 }] });
  });

  test("executable: is given back with its SHA-256", async () => {
    const read = await new SubmissionReader().executable(bytes("export default (n) => n"));
    expect(read.executableId).toBe("b88c7817c6e285c6cd6b7a3d8e4fb3106df46c08e69264b2ae7cb55425470762");
    expect(new TextDecoder().decode(read.source)).toBe("export default (n) => n");
  });

  test("executable: past the time limit it is refused, and the next one is read all the same", async () => {
    const huge = `export default () => 1;${"a+b;".repeat(3_000_000)}`;
    const reader = new SubmissionReader((size) => (size > 1_000_000 ? 1 : 60_000));
    const tooHard = reader.executable(bytes(huge));
    const next = reader.executable(bytes("export default () => 1"));
    await expect(tooHard).rejects.toMatchObject({ kind: "unreadable-executable", message: expect.stringContaining("it takes longer") });
    await expect(next).resolves.toMatchObject({ view: null });
  });

  test("submission: what nests too deeply is refused, and the thread lives on", async () => {
    const reader = new SubmissionReader();
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const nested = reader.submission(bytes(`{"name":"x","executable":{"source":"export default () => 1"},"inputs":[1],"args":${deep}}`));
    await expect(nested).rejects.toMatchObject({ kind: "malformed" });
    await expect(reader.executable(bytes("export default () => 1"))).resolves.toMatchObject({ view: null });
  });

  test("submission: more than can wait are told to come again (R9)", async () => {
    const reader = new SubmissionReader();
    const asked = Array.from({ length: 60 }, () => reader.submission(submission("export default (n) => n")));
    const settled = await Promise.allSettled(asked);
    const refused = settled.filter((result) => result.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: "unavailable" });
    await expect(reader.submission(submission("export default (n) => n"))).resolves.toMatchObject({ tasks: 2 });
  });
});
