import { expect, test } from "vitest";
import { ownerSchema } from "../../protocol/ids.ts";
import type { OwnerUse } from "../archive/archive.ts";
import { LimitError } from "../limit-error.ts";
import { OWNER_LIMITS } from "../limits.ts";
import { openTestArchive } from "../results/archive-for-tests.ts";
import { Admission, type Asked } from "./admission.ts";

const OWNER = ownerSchema.parse("ada");
const SPACE = { mustHaveRoom: () => undefined };
const nothing: OwnerUse = { activeJobs: 0, openTasks: 0, jobsSince: 0, storedBytes: 0 };
const asked: Asked = { jobs: 1, tasks: 10, bytes: 100 };
const admission = (use: Partial<OwnerUse>) => new Admission({ ownerUse: () => Promise.resolve({ ...nothing, ...use }) }, OWNER_LIMITS, SPACE);
const letIn = () => Promise.resolve("in");

test.each([
  ["activeJobsPerOwner", { activeJobs: OWNER_LIMITS.activeJobsPerOwner - 1 }, { activeJobs: OWNER_LIMITS.activeJobsPerOwner }, "too-many-requests"],
  ["jobsPerDayPerOwner", { jobsSince: OWNER_LIMITS.jobsPerDayPerOwner - 1 }, { jobsSince: OWNER_LIMITS.jobsPerDayPerOwner }, "too-many-requests"],
  ["openTasksPerOwner", { openTasks: OWNER_LIMITS.openTasksPerOwner - 10 }, { openTasks: OWNER_LIMITS.openTasksPerOwner - 9 }, "too-many-requests"],
  ["storedBytesPerOwner", { storedBytes: OWNER_LIMITS.storedBytesPerOwner - 100 }, { storedBytes: OWNER_LIMITS.storedBytesPerOwner - 99 }, "no-space"],
])("Admission: %s lets in what fits, and refuses what does not, in words", async (limit, fits, passes, kind) => {
  expect(await admission(fits).admit(OWNER, asked, 0, letIn)).toBe("in");
  const refused = admission(passes).admit(OWNER, asked, 0, letIn);
  await expect(refused).rejects.toBeInstanceOf(LimitError);
  await expect(refused).rejects.toMatchObject({ kind, limit, message: expect.stringMatching(/^Cannot take this.*\. [A-Z]/) });
});

test("Admission: of many that come at once no more get in than fit, whoever is slow, and others are no owner's fault", async () => {
  const disk = await openTestArchive();
  const gate = new Admission(disk.archive, { ...OWNER_LIMITS, activeJobsPerOwner: 3 }, SPACE);
  let number = 0;
  const submit = () => gate.admit(OWNER, asked, Date.now(), () => disk.job(`job-at-once-${++number}`, 10));
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, submit));
  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(3);
  // Those that did not fit left nothing behind.
  for (let more = 0; more < 3; more++) await submit().catch(() => undefined);
  expect((await disk.archive.ownerUse(OWNER, 0)).activeJobs).toBe(3);
  expect(await gate.admit(ownerSchema.parse("bob"), asked, 0, letIn)).toBe("in");
  await disk.close();
});

test("Admission: what the disk has no room for is refused before anything is asked", async () => {
  const full = new Admission({ ownerUse: () => Promise.reject(new Error("asked")) }, OWNER_LIMITS, { mustHaveRoom: (bytes) => { throw new LimitError("no-space", "minFreeBytes", `no room for ${bytes}`); } });
  await expect(full.admit(OWNER, asked, 0, letIn)).rejects.toMatchObject({ message: "no room for 100" });
});
