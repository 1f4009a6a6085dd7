import type { ViewKind } from "../../protocol/http/view.ts";
import type { OutboxEntry, StoredJob } from "../archive/archive.ts";

/** A PNG to stand in the mail, or why there is none; null where the job's view has no picture. */
export type MailPicture = { readonly png: Uint8Array } | { readonly missing: string } | null;

export interface JobMail {
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly filename: string; readonly content: Buffer; readonly contentType: string; readonly cid: string }[];
}

const PICTURE_CID = "picture@manyhands";

const STATE_WORDS: Record<StoredJob["state"], string> = {
  queued: "is waiting",
  running: "is running",
  paused: "is paused",
  completed: "is done",
  failed: "ended with failed tasks",
  cancelled: "was cancelled",
};

/** The mail about a job's end. Its Message-ID is made from the outbox entry, so the same mail sent twice is recognised. */
export function jobMail(parts: {
  readonly entry: OutboxEntry;
  readonly job: StoredJob;
  readonly view: ViewKind;
  readonly picture: MailPicture;
  readonly publicUrl: string;
  /** Unix ms, for a warning. */
  readonly removeAtMs: number | null;
  /** Whether the owner may keep it longer. */
  readonly keepLonger: boolean;
}): JobMail {
  const { entry, job, view, picture, publicUrl } = parts;
  const name = oneLine(job.name);
  const headline = entry.kind === "expiring" && parts.removeAtMs !== null
    ? `${name} will be removed on ${dayInWords(parts.removeAtMs)}`
    : `${name} ${STATE_WORDS[job.state]}`;
  const advice = entry.kind === "expiring" ? keepingAdvice(parts.keepLonger, new URL(`/jobs/${job.jobId}`, publicUrl).href) : null;
  const link = new URL(`/results/${job.jobId}${job.shareKey === null ? "" : `?key=${job.shareKey}`}`, publicUrl).href;
  const facts = factsOf(job);
  const missing = picture !== null && "missing" in picture ? picture.missing : null;
  const png = picture !== null && "png" in picture ? picture.png : null;
  const reason = "You get this mail because this address was given when the job was submitted.";
  return {
    messageId: `<mail-${entry.entryId}.${job.jobId}@${new URL(publicUrl).hostname.replaceAll(/[[\]:]/g, "-")}>`,
    subject: `Manyhands: ${headline}`,
    text: [
      headline, "",
      ...facts.map(([label, value]) => `${label}: ${value}`), "",
      `The result (${view}): ${link}`,
      ...(missing === null ? [] : ["", missing]),
      ...(advice === null ? [] : ["", advice]),
      "", reason, "",
    ].join("\n"),
    html: htmlOf({ headline, facts, link, view, missing: missing ?? advice, withPicture: png !== null, name, reason }),
    attachments: png === null ? [] : [{ filename: "picture.png", content: Buffer.from(png), contentType: "image/png", cid: PICTURE_CID }],
  };
}

/** For example "3 March 2027". */
function dayInWords(ms: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(ms);
}

function keepingAdvice(keepLonger: boolean, jobUrl: string): string {
  return keepLonger
    ? `Its results go with it. Download what you need, or keep it longer: ${jobUrl}`
    : "Its results go with it. Download what you need.";
}

function factsOf(job: StoredJob): readonly (readonly [label: string, value: string])[] {
  const number = new Intl.NumberFormat("en-GB");
  const tasks = `${number.format(job.done)} of ${number.format(job.tasks)} done${job.failed > 0 ? `, ${number.format(job.failed)} failed` : ""}`;
  const duration = job.startedAtMs !== null && job.endedAtMs !== null ? durationInWords(job.endedAtMs - job.startedAtMs) : "never began";
  return [["Job", oneLine(job.name)], ["State", job.state], ["Tasks", tasks], ["Time", duration]];
}

/** For example "850 ms", "12 s", "3 min 5 s", "2 h 14 min", "3 d 4 h". */
export function durationInWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  const units = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]] as const;
  const parts: string[] = [];
  let left = seconds;
  for (const [length, unit] of units) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
    // The first unit that counts and the one below it say enough.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

function htmlOf(parts: {
  readonly headline: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly link: string;
  readonly view: ViewKind;
  readonly missing: string | null;
  readonly withPicture: boolean;
  readonly name: string;
  readonly reason: string;
}): string {
  const rows = parts.facts.map(([label, value]) => `<tr><td style="padding:2px 16px 2px 0;color:#52606d">${escaped(label)}</td><td>${escaped(value)}</td></tr>`);
  return [
    '<!doctype html><html lang="en"><body style="font-family:system-ui,sans-serif;color:#1f2933;background:#ffffff">',
    `<h1 style="font-size:20px">${escaped(parts.headline)}</h1>`,
    `<table style="border-collapse:collapse">${rows.join("")}</table>`,
    `<p><a href="${escaped(parts.link)}">See the result (${escaped(parts.view)})</a></p>`,
    parts.withPicture ? `<p><img src="cid:${PICTURE_CID}" alt="Result of ${escaped(parts.name)}" style="max-width:100%"></p>` : "",
    parts.missing === null ? "" : `<p>${escaped(parts.missing)}</p>`,
    `<p style="color:#52606d;font-size:12px">${escaped(parts.reason)}</p>`,
    "</body></html>",
  ].join("\n");
}

/** Without line breaks and control characters: a name may be hostile, and stands in a header. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
