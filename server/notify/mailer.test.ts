import { simpleParser, type ParsedMail } from "mailparser";
import pino from "pino";
import sharp from "sharp";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { View } from "../../protocol/http/view.ts";
import type { JobId } from "../../protocol/ids.ts";
import { ChangeFeed, openTestArchive, type TestArchive } from "../results/archive-for-tests.ts";
import { createPictures, type Pictures } from "../results/pictures.ts";
import { createMailer, type Mailer } from "./mailer.ts";

const EMAIL = "ada@example.org";
const UNTIL = { timeout: 60_000, interval: 25 };

/** A real SMTP server on loopback that keeps what it accepts. */
class Postbox {
  readonly mails: ParsedMail[] = [];
  readonly recipients: string[] = [];
  /** Answers to a recipient from now on; null accepts. */
  refusal: { readonly code: number; readonly message: string } | null = null;
  refused = 0;
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: ({ address }, _session, callback) => {
      if (this.refusal === null) {
        this.recipients.push(address);
        return callback();
      }
      this.refused++;
      callback(Object.assign(new Error(this.refusal.message), { responseCode: this.refusal.code }));
    },
    onData: (stream, _session, callback) => {
      simpleParser(stream, {}, (error, mail) => {
        if (error === null || error === undefined) this.mails.push(mail);
        callback(error);
      });
    },
  });

  /** Answers its port. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    const address = this.#server.server.address();
    return typeof address === "object" ? (address?.port ?? 0) : 0;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

let disk: TestArchive;
let feed: ChangeFeed;
let pictures: Pictures;
let mailer: Mailer | undefined;
let postbox: Postbox;
let port: number;

beforeEach(async () => {
  disk = await openTestArchive();
  postbox = new Postbox();
  port = await postbox.listen();
  feed = new ChangeFeed();
  pictures = createPictures({ archive: disk.archive, onChange: feed.onChange, dataDir: disk.dataDir, logger: pino({ level: "silent" }) });
});
afterEach(async () => {
  await mailer?.close();
  mailer = undefined;
  await pictures.close();
  await postbox.close();
  await disk.close();
});

function start(): void {
  mailer = createMailer({
    archive: disk.archive, onChange: feed.onChange, smtpUrl: `smtp://127.0.0.1:${port}`, from: "Manyhands <grid@example.org>",
    publicUrl: "http://grid.example:8080", pictures, keepDays: null, keepLonger: true, logger: pino({ level: "silent" }),
  });
}

async function endedJob(jobId: string, options: { name?: string; view?: View; outputs?: readonly unknown[] } = {}): Promise<JobId> {
  const { outputs = [1, 2, 3], ...rest } = options;
  const job = await disk.job(jobId, outputs.length, { ...rest, email: EMAIL });
  await disk.outputs(job.jobId, 0, outputs);
  await disk.archive.setJobState(job.jobId, "completed", 65_000);
  feed.tell(job.jobId, { type: "state" });
  return job.jobId;
}

async function outboxIsEmpty(): Promise<void> {
  await vi.waitFor(async () => expect(await disk.archive.dueMail(Number.MAX_SAFE_INTEGER, 10)).toEqual([]), UNTIL);
}

describe("createMailer", () => {
  test("mailer: a job that ends is mailed once, with all that its submitter wants to know", async () => {
    start();
    const jobId = await endedJob("job-mailed", { name: "Collatz to 100" });
    await outboxIsEmpty();
    feed.tell(jobId, { type: "state" });
    await mailer?.close();
    expect(postbox.recipients).toEqual([EMAIL]);
    expect(postbox.mails).toHaveLength(1);
    const [mail] = postbox.mails;
    expect(mail?.subject).toBe("Manyhands: Collatz to 100 is done");
    expect(mail?.from?.text).toContain("grid@example.org");
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    for (const part of ["Collatz to 100", "completed", "3 of 3 done", "1 min 3 s", `http://grid.example:8080/results/${jobId}`]) expect(mail?.text).toContain(part);
    expect(mail?.html).toContain(`href="http://grid.example:8080/results/${jobId}"`);
  });

  test("mailer: a job without an address is not mailed", async () => {
    start();
    const { jobId } = await disk.job("job-silent", 1);
    await disk.archive.setJobState(jobId, "completed", 3_000);
    feed.tell(jobId, { type: "state" });
    await endedJob("job-loud");
    await outboxIsEmpty();
    expect(postbox.mails.map((mail) => mail.text?.includes("job-loud"))).toEqual([true]);
  });

  test("mailer: an image stands in the mail as PNG", async () => {
    start();
    const rgba = new Uint8Array(8 * 8 * 4).fill(255);
    await endedJob("job-image", { view: { kind: "image", width: 8, height: 8 }, outputs: [{ x: 0, y: 0, width: 8, height: 8, rgba }] });
    await outboxIsEmpty();
    const attachment = postbox.mails[0]?.attachments[0];
    expect(attachment?.contentType).toBe("image/png");
    expect(await sharp(attachment?.content).metadata()).toMatchObject({ format: "png", width: 8, height: 8 });
    expect(postbox.mails[0]?.html).toContain("data:image/png;base64,"); // the parser puts what `cid:` names in its place
  });

  test("mailer: a chart stands in the mail as PNG; one that cannot be drawn is explained", async () => {
    start();
    await endedJob("job-chart", { view: { kind: "chart", spec: { mark: "bar", encoding: { x: { field: "index" }, y: { field: "output", type: "quantitative" } } } } });
    await outboxIsEmpty();
    expect(await sharp(postbox.mails[0]?.attachments[0]?.content).metadata()).toMatchObject({ format: "png" });
    await endedJob("job-no-chart", { view: { kind: "chart", spec: { nonsense: true } } });
    await outboxIsEmpty();
    expect(postbox.mails[1]?.attachments).toEqual([]);
    expect(postbox.mails[1]?.text).toContain("Cannot draw this chart: it is no Vega-Lite specification");
  });

  test("mailer: a hostile name adds no header, no recipient and no markup", async () => {
    start();
    await endedJob("job-hostile", { name: 'win\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"><img src=x>' });
    await outboxIsEmpty();
    const [mail] = postbox.mails;
    expect(postbox.recipients).toEqual([EMAIL]);
    expect(mail?.headers.has("bcc")).toBe(false);
    expect(mail?.subject).toContain("Bcc: victim@example.org");
    expect(mail?.html).not.toMatch(/<script|<img/);
  });

  test("mailer: a server that refuses for a while gets the mail later, once, with the same Message-ID", async () => {
    postbox.refusal = { code: 451, message: "try later" };
    start();
    await endedJob("job-later");
    await vi.waitFor(() => expect(postbox.refused).toBeGreaterThanOrEqual(2), UNTIL);
    expect((await disk.archive.dueMail(Number.MAX_SAFE_INTEGER, 10))[0]?.attempts).toBeGreaterThanOrEqual(1);
    postbox.refusal = null;
    await outboxIsEmpty();
    expect(postbox.mails.map((mail) => mail.messageId)).toEqual([expect.stringMatching(/^<mail-\d+\.job-later@grid\.example>$/)]);
  });

  test("mailer: a mail that found no server is sent after a restart of the hub", async () => {
    await postbox.close();
    start();
    await endedJob("job-restart");
    await vi.waitFor(async () => expect((await disk.archive.dueMail(Number.MAX_SAFE_INTEGER, 10))[0]?.attempts).toBeGreaterThanOrEqual(1), UNTIL);
    await mailer?.close();
    await pictures.close();
    disk = await disk.reopen();
    postbox = new Postbox();
    await postbox.listen(port);
    pictures = createPictures({ archive: disk.archive, onChange: feed.onChange, dataDir: disk.dataDir, logger: pino({ level: "silent" }) });
    start();
    await outboxIsEmpty();
    expect(postbox.mails).toHaveLength(1);
  });

  test("mailer: an address that the server refuses for good is given up, and holds up no other", async () => {
    postbox.refusal = { code: 550, message: "no such user" };
    start();
    await endedJob("job-unknown");
    await outboxIsEmpty();
    expect(postbox.refused).toBe(1);
    postbox.refusal = null;
    await endedJob("job-known");
    await outboxIsEmpty();
    expect(postbox.mails.map((mail) => mail.text?.includes("job-known"))).toEqual([true]);
  });

  test("mailer: many jobs that ended while no mailer ran are all mailed, each once", async () => {
    for (let i = 0; i < 45; i++) await endedJob(`job-backlog-${i}`);
    start();
    await outboxIsEmpty();
    expect(new Set(postbox.mails.map((mail) => mail.messageId)).size).toBe(45);
    expect(postbox.mails).toHaveLength(45);
  });

  test("close: stops listening; what is not sent stays in the outbox", async () => {
    start();
    await mailer?.close();
    await endedJob("job-after-close");
    expect(await disk.archive.dueMail(Number.MAX_SAFE_INTEGER, 10)).toHaveLength(1);
    expect(postbox.mails).toEqual([]);
  });
});
