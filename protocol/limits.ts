// Every bound on what a peer can send, in one place. A peer may be hostile: whatever is not bounded here is a
// way to exhaust a hub or a tab.

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  /** One frame of the Compute Server's link, either way. */
  frameBytes: 16 * MIB,
  /** What travels inside a frame; anything larger goes as a blob over HTTP. */
  inlinePayloadBytes: 64 * KIB,
  /** The packed inputs or outputs that one message carries, larger single values travelling as blobs. */
  packedBytes: 4 * MIB,
  /** One encoded value: an input or an output. */
  valueBytes: 64 * MIB,
  /** Nesting of arrays and objects inside one value. */
  valueDepth: 64,
  /** Tasks in one batch, thus also in one message of outcomes. */
  batchTasks: 16_384,
  /** Separate index ranges in one message. */
  rangesPerMessage: 4_096,
  /** Batches reported in one message of outcomes. */
  reportsPerMessage: 256,
  /** Failures in one message of outcomes. */
  failuresPerMessage: 1_024,
  /** Tasks of one job. */
  jobTasks: 1_000_000_000,
  /** Slots of one Compute Server. */
  slots: 1_024,
  /** The JavaScript of one Executable. */
  executableBytes: 16 * MIB,
  /** One HTTP body of a submission, inputs included. */
  submissionBytes: 256 * MIB,
  idMinChars: 8,
  idMaxChars: 64,
  tokenMaxChars: 128,
  ownerMaxChars: 100,
  accountNameMinChars: 2,
  accountNameMaxChars: 40,
  passwordMinChars: 10,
  passwordMaxChars: 200,
  emailMaxChars: 254,
  tokenLifeMs: 10 * 365 * 24 * 60 * 60 * 1000,
  invitationUses: 10_000,
  invitationLifeMs: 365 * 24 * 60 * 60 * 1000,
  nameMaxChars: 200,
  errorMessageChars: 2_000,
  errorStackChars: 8_000,
  logLineChars: 2_000,
  /** Log lines of one task that are sent. */
  logLinesPerTask: 10_000,
  /** Log lines of job code that one frame carries. */
  logLinesPerMessage: 100,
  capabilities: 32,
  capabilityChars: 64,
  policyNameChars: 64,
  /** Of a device, in MiB. */
  memoryMiB: 64 * 1024 * 1024,
  ownerWeights: 10_000,
  ownerWeightLeast: 0.01,
  ownerWeightMost: 1_000,
  tags: 20,
  tagChars: 50,
  attempts: 100,
  /** Equal answers that a job may ask for, of one task. */
  quorum: 20,
  /** The share of wrong results that a job may name as its target. */
  errorRateLeast: 1e-9,
  errorRateMost: 0.5,
  keepDays: 36_500,
  taskTimeoutMs: 24 * 60 * 60 * 1000,
  leaseMs: 100 * 365 * 24 * 60 * 60 * 1000,
  /** Sides of an `image` view, in pixels. */
  imageSidePixels: 16_384,
  chartSpecBytes: 64 * KIB,
  /** Outputs, and rows of them, that one chart is drawn from: as many as are drawn in about a second. */
  chartRows: 10_000,
} as const;
