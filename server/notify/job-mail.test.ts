import { describe, expect, test } from "vitest";
import { FIRST_ANSWER } from "../../protocol/http/verification.ts";
import { executableIdSchema, jobIdSchema, ownerSchema } from "../../protocol/ids.ts";
import type { StoredJob } from "../archive/archive.ts";
import { durationInWords, jobMail } from "./job-mail.ts";

const jobId = jobIdSchema.parse("job-mail-1");
const entry = { entryId: 7, kind: "ended" as const, jobId, email: "ada@example.org", attempts: 0, nextAttemptAtMs: 0 };

function endedJob(changes: Partial<StoredJob> = {}): StoredJob {
  return {
    jobId, name: "Mandelbrot", owner: ownerSchema.parse("ada"), executableId: executableIdSchema.parse("0".repeat(64)), tasks: 12_000,
    inputs: { kind: "values" }, argsJson: null, view: null, priority: 0, maxAttempts: 3, taskTimeoutMs: 1, policy: null, requires: null, verification: FIRST_ANSWER, runs: 0, caughtServers: 0, tags: [], public: true, shareKey: null,
    notifyEmail: entry.email, state: "completed", createdAtMs: 0, startedAtMs: 1_000, endedAtMs: 186_000, done: 12_000, failed: 0, ...changes,
  };
}
const mailOf = (job: StoredJob) => jobMail({ entry, job, view: "table", picture: null, publicUrl: "http://grid.example:8080", removeAtMs: null, keepLonger: true });

describe("jobMail", () => {
  test("jobMail: tells name, state, counts, duration and the link, in text and in HTML", () => {
    const mail = mailOf(endedJob());
    for (const part of ["Mandelbrot is done", "completed", "12,000 of 12,000 done", "3 min 5 s", "http://grid.example:8080/results/job-mail-1"]) {
      expect(mail.text).toContain(part);
      expect(mail.html).toContain(part);
    }
    expect(mail.subject).toBe("Manyhands: Mandelbrot is done");
  });

  test("jobMail: the link of a job that is shared by link opens it", () => {
    const mail = mailOf(endedJob({ public: false, shareKey: "the-key" }));
    for (const text of [mail.text, mail.html]) expect(text).toContain("http://grid.example:8080/results/job-mail-1?key=the-key");
  });

  test("jobMail: counts failed tasks, and says when a job never began", () => {
    expect(mailOf(endedJob({ state: "failed", done: 11_990, failed: 10 })).text).toContain("11,990 of 12,000 done, 10 failed");
    expect(mailOf(endedJob({ state: "cancelled", startedAtMs: null, done: 0 })).text).toContain("never began");
  });

  test("jobMail: the same entry has the same Message-ID each time, another entry another", () => {
    const again = jobMail({ entry: { ...entry, attempts: 3 }, job: endedJob(), view: "table", picture: null, publicUrl: "http://grid.example:8080", removeAtMs: null, keepLonger: true });
    const other = jobMail({ entry: { ...entry, entryId: 8 }, job: endedJob(), view: "table", picture: null, publicUrl: "http://grid.example:8080", removeAtMs: null, keepLonger: true });
    expect(again.messageId).toBe("<mail-7.job-mail-1@grid.example>");
    expect(again.messageId).toBe(mailOf(endedJob()).messageId);
    expect(other.messageId).not.toBe(again.messageId);
  });

  test("jobMail: a hostile name is one line in the subject and text in the HTML", () => {
    const mail = mailOf(endedJob({ name: 'x\r\nBcc: all@example.org\u2028"<img src=//evil onerror=alert(1)>' }));
    expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
    expect(mail.html).not.toContain("<img");
    expect(mail.html).toContain("&lt;img src=//evil");
  });

  test("jobMail: a picture stands in the HTML by its content id; a missing one is explained", () => {
    const withPicture = jobMail({ entry, job: endedJob(), view: "image", picture: { png: Uint8Array.of(1, 2) }, publicUrl: "http://[::1]:8080", removeAtMs: null, keepLonger: true });
    expect(withPicture.html).toContain(`cid:${withPicture.attachments[0]?.cid}`);
    expect(withPicture.attachments).toHaveLength(1);
    const without = jobMail({ entry, job: endedJob(), view: "chart", picture: { missing: "Cannot draw this chart: <b>" }, publicUrl: "http://[::1]:8080", removeAtMs: null, keepLonger: true });
    expect(without.attachments).toEqual([]);
    expect(without.text).toContain("Cannot draw this chart: <b>");
    expect(without.html).toContain("Cannot draw this chart: &lt;b&gt;");
  });
});

test("jobMail: a warning says when the job is removed, and where to keep it longer, if that is allowed", () => {
  const parts = { entry: { ...entry, kind: "expiring" as const }, job: endedJob(), view: "table" as const, picture: null, publicUrl: "http://grid.example:8080", removeAtMs: Date.UTC(2027, 2, 3) };
  const mail = jobMail({ ...parts, keepLonger: true });
  expect(mail.subject).toBe("Manyhands: Mandelbrot will be removed on 3 March 2027");
  for (const text of [mail.text, mail.html]) expect(text).toContain("keep it longer: http://grid.example:8080/jobs/job-mail-1");
  expect(jobMail({ ...parts, keepLonger: false }).text).not.toContain("longer");
});

test("durationInWords: says the two largest units", () => {
  expect([850, 12_000, 185_000, 3_600_000, 8_040_000, 273_600_000].map(durationInWords)).toEqual(["850 ms", "12 s", "3 min 5 s", "1 h", "2 h 14 min", "3 d 4 h"]);
});
