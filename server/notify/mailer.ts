import { createTransport, type Transporter } from "nodemailer";
import type { Logger } from "pino";
import sharp from "sharp";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { OutboxEntry, ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { Grid } from "../grid/grid.ts";
import { inferView } from "../results/infer-view.ts";
import { removeAtMs } from "../retention/keeping.ts";
import type { Pictures } from "../results/pictures.ts";
import { jobMail, type MailPicture } from "./job-mail.ts";
import { retryDelayMs } from "./retry-delay.ts";

export interface Mailer {
  /** Lets the mail that is being sent go, and sends no other. What is left is sent after the next start. */
  close(): Promise<void>;
}

interface MailerParts {
  readonly archive: ResultsArchive;
  readonly onChange: Grid["onChange"];
  /** For example "smtp://user:pass@host:587". */
  readonly smtpUrl: string;
  /** The sender's address. */
  readonly from: string;
  /** The hub's origin as its users see it. */
  readonly publicUrl: string;
  readonly pictures: Pictures;
  /** How long jobs are kept: see HubOptions. */
  readonly keepDays: number | null;
  readonly keepLonger: boolean;
  readonly logger: Logger;
}

const MAILS_AT_ONCE = 20;
/** The outbox is looked at this often even when nothing told to. */
const SWEEP_MS = 60_000;
/** How far ahead the next due mail is looked for. */
const LOOK_AHEAD_MS = 24 * 60 * 60 * 1_000;
const CONNECT_TIMEOUT_MS = 20_000;
const SILENCE_TIMEOUT_MS = 60_000;
const MAX_PICTURE_SIDE = 1_200;
const PICTURE_TIMEOUT_S = 60;
const MAX_ERROR_CHARS = 500;
const PERMANENT_REPLY = 500;

/** Sends the mails of the archive's outbox: at the start, when a job ends, and when a failed one is due again. */
export function createMailer(parts: MailerParts): Mailer {
  return new OutboxMailer(parts);
}

class OutboxMailer implements Mailer {
  readonly #parts: MailerParts;
  readonly #transport: Transporter;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Something happened while mails were being sent: look again. */
  #again = false;
  #closed = false;

  constructor(parts: MailerParts) {
    this.#parts = parts;
    this.#transport = createTransport({
      url: parts.smtpUrl,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.#unsubscribe = parts.onChange("all", (_, change) => {
      if (change.type === "state") this.#wake();
    });
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#running;
    this.#transport.close();
  }

  #wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
      if (this.#again) this.#wake();
    });
  }

  async #work(): Promise<void> {
    let nextMs = SWEEP_MS;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        nextMs = await this.#sendDue();
      } catch (err) {
        this.#parts.logger.error({ err }, "Cannot read or update the mail outbox; it is tried again in a minute");
        nextMs = SWEEP_MS;
      }
    }
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#wake(), nextMs).unref();
  }

  /** Sends all that is due. Answers after how many ms to look again. */
  async #sendDue(): Promise<number> {
    const { archive } = this.#parts;
    for (;;) {
      const due = await archive.dueMail(Date.now(), MAILS_AT_ONCE);
      for (const entry of due) {
        if (this.#closed) return SWEEP_MS;
        await this.#deliver(entry);
      }
      if (due.length < MAILS_AT_ONCE) break;
    }
    const nowMs = Date.now();
    const later = await archive.dueMail(nowMs + LOOK_AHEAD_MS, MAILS_AT_ONCE);
    const nextMs = Math.min(SWEEP_MS, ...later.map((entry) => entry.nextAttemptAtMs - nowMs));
    return Math.max(0, nextMs);
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    const { archive, logger } = this.#parts;
    const job = await archive.job(entry.jobId);
    if (job === undefined || !ENDED_STATES.includes(job.state)) {
      // It was removed, or runs again and will end once more, with a mail of its own.
      logger.info({ jobId: entry.jobId }, "A mail is not sent: its job is gone or runs again");
      return archive.mailSent(entry.entryId);
    }
    try {
      await this.#send(entry, job);
    } catch (error) {
      return this.#failed(entry, error);
    }
    await archive.mailSent(entry.entryId);
    logger.info({ jobId: entry.jobId, entryId: entry.entryId }, "Mail sent");
  }

  async #send(entry: OutboxEntry, job: StoredJob): Promise<void> {
    const { archive, from, publicUrl, keepDays, keepLonger } = this.#parts;
    const [view, picture] = await Promise.all([inferView(archive, job), entry.kind === "expiring" ? null : this.#pictureOf(job)]);
    const { attachments, ...mail } = jobMail({ entry, job, view, picture, publicUrl, keepLonger, removeAtMs: removeAtMs(job, keepDays) });
    await this.#transport.sendMail({
      ...mail,
      attachments: attachments.map((attachment) => ({ ...attachment, contentDisposition: "inline" as const })),
      from,
      to: { name: "", address: entry.email },
      headers: { "Auto-Submitted": "auto-generated" },
    });
  }

  async #pictureOf(job: StoredJob): Promise<MailPicture> {
    try {
      const picture = await this.#parts.pictures.picture(job.jobId);
      if (picture === undefined) return null;
      const png = await sharp(picture.bytes)
        .timeout({ seconds: PICTURE_TIMEOUT_S })
        .resize({ width: MAX_PICTURE_SIDE, height: MAX_PICTURE_SIDE, fit: "inside", withoutEnlargement: true })
        .png()
        .toBuffer();
      return { png };
    } catch (error) {
      // A mail without its picture is better than none, and says why.
      return { missing: messageOf(error) };
    }
  }

  async #failed(entry: OutboxEntry, error: unknown): Promise<void> {
    const { archive, logger } = this.#parts;
    const attempts = entry.attempts + 1;
    const delayMs = isUnknownRecipient(error) ? null : retryDelayMs(attempts);
    const message = messageOf(error).slice(0, MAX_ERROR_CHARS);
    logger.warn({ jobId: entry.jobId, attempts, error: message, retryInMs: delayMs }, delayMs === null ? "Cannot send a mail; given up" : "Cannot send a mail; tried again later");
    await archive.mailFailed(entry.entryId, message, delayMs === null ? null : Date.now() + delayMs);
  }
}

/** The server refused the address for good. Other permanent refusals, of a password for instance, an operator can mend. */
function isUnknownRecipient(error: unknown): boolean {
  return error instanceof Error && "command" in error && error.command === "RCPT TO"
    && "responseCode" in error && typeof error.responseCode === "number" && error.responseCode >= PERMANENT_REPLY;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
