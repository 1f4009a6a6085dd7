// Every bound of the hub on what its peers can cause, by name. What may be sent over the wire is bounded by
// protocol/limits.ts; a number that only tunes stays beside its use. docs/limits.md tells of each, and a test holds
// that it names the same.

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

/** What one Compute Server's link may cost. */
export const LINK_LIMITS = {
  framesPerSecond: 1_000,
  /** A tab that comes back sends at once all that was not acknowledged. */
  framesBurst: 10_000,
  /** Frames, and bytes of frames, taken in but not handled yet; past either the socket is not read. */
  waitingFrames: 16,
  waitingBytes: 4 * MIB,
  /** Of all links together, beside one frame of each. */
  waitingBytesOfAll: 64 * MIB,
  /** Messages of outcomes of one Compute Server that are not acknowledged; past it its link is not read. */
  unacknowledgedOutcomes: 256,
  /** Outputs that were taken in and are not on disk, of all links; past it links are not read. */
  unwrittenBytes: 8 * MIB,
  /** Frames are handled this long, then everything else has its turn. */
  turnMs: 8,
  /** Past this much on its way to a Compute Server no further batch is read for it. */
  sendAheadBytes: 4 * MIB,
  /** Bytes on their way to a Compute Server that does not read them. */
  sendBufferBytes: 64 * MIB,
  /** A Compute Server that takes nothing of what is on its way to it, for this long, is cut off. What is written at once may be `sendAheadBytes`, and a line slow. */
  unreadMs: 180 * SECOND,
  registerWithinMs: 20 * SECOND,
  /** From the first byte of a frame to its last. */
  frameWithinMs: 60 * SECOND,
  /** Bytes of frames that have begun and not ended, of all links; past it the largest are cut off. */
  unfinishedBytesOfAll: 256 * MIB,
  closeWithinMs: 5 * SECOND,
  /** What the WebSocket protocol allows, in UTF-8. */
  closeReasonBytes: 123,
  /** Open links of one hub. */
  links: 20_000,
} as const;

/** Connections, requests and answers over HTTP. */
export const HTTP_LIMITS = {
  connections: 25_000,
  headerBytes: 16 * KIB,
  headers: 100,
  headersWithinMs: 20 * SECOND,
  requestWithinMs: 300 * SECOND,
  keepAliveMs: 65 * SECOND,
  requestsPerConnection: 10_000,
  /** Who sends a body, or reads an answer, slower than this is cut off. */
  leastBytesPerSecond: 4 * KIB,
  /** … and is looked at this often; two looks in a row decide. */
  slowLookMs: 15 * SECOND,
  /** What all bodies that are being read may take together, and those of one address of them. */
  bodiesBytes: GIB,
  bodiesBytesPerAddress: 512 * MIB,
  /** The same of large answers that are being sent. */
  answersBytes: GIB,
  answersBytesPerAddress: 512 * MIB,
  idempotencyKeyChars: 255,
  searchChars: 200,
  searchWords: 16,
  cursorChars: 500,
  jobsPerPage: 200,
  taskMapBuckets: 2_000,
  computeServersShown: 1_000,
} as const;

/** Streams of a job's events. */
export const STREAM_LIMITS = {
  streams: 2_000,
  /** Bytes on their way to one reader; past it, it is told nothing until it has caught up. */
  readerBytes: 256 * KIB,
  /** Characters kept for one reader while the state is sent to it. */
  readerQueuedChars: 256 * KIB,
  /** The latest events of one job, kept for readers that come back. */
  keptEvents: 512,
  keptChars: MIB,
  keptWithoutReadersMs: 60 * SECOND,
  jobsKeptWithoutReaders: 200,
  logLinesAtOnce: 100,
} as const;

/** Reading what is submitted. */
export const SUBMISSION_LIMITS = {
  waitingReads: 32,
  readMs: 10 * SECOND,
  readMsPerMiB: 200,
  threadHeapMiB: 1_024,
  argsChars: MIB,
  reportedErrors: 20,
} as const;

/** Pictures and charts. */
export const PICTURE_LIMITS = {
  /** A larger picture is drawn smaller. 8192 x 8192 still fits as it is. */
  canvasBytes: 256 * MIB,
  /** Pictures of running jobs that are kept in memory. */
  kept: 16,
  keptBytes: 512 * MIB,
  waiting: 64,
  knownFailures: 1_000,
  chartMs: 15 * SECOND,
  chartHeapMiB: 512,
  chartSampleBytes: 32 * MIB,
  svgChars: 32 * MIB,
  csvColumns: 1_000,
} as const;

/** What is under way to the disk, and what is kept of it in memory. */
export const ARCHIVE_LIMITS = {
  /** Bytes handed to the database's thread and not on disk; past it writes wait. */
  unwrittenBytes: 32 * MIB,
  /** Bytes on their way to files; past it writes wait. */
  unwrittenBlobBytes: 128 * MIB,
  operationsPerCommit: 4_096,
  /** The write-ahead log is cut back to this. */
  logBytesKept: 64 * MIB,
  knownExecutables: 4_096,
} as const;

/** Comparing answers, and what is remembered for it. */
export const VERIFICATION_LIMITS = {
  /** An output longer than this is compared by its bytes as they came. */
  comparedBytes: 4 * MIB,
  /** Outputs kept for a job that compares by tolerance. */
  keptBytes: 32 * MIB,
  /** Blocks of 64 consecutive outputs whose answers are known by the hash of the whole. */
  rememberedBlocks: 1_024,
  /** Blobs whose answers are known. */
  rememberedBlobs: 4_096,
} as const;

/**
 * What one address of a peer may do: an IPv4 address, or the /64 of an IPv6 one. Behind one may be a whole school.
 * Each can be set by `--limit NAME=NUMBER`, and then holds for every address.
 */
export const ADDRESS_LIMITS = {
  connectionsPerAddress: 2_000,
  linksPerAddress: 1_000,
  streamsPerAddress: 200,
  requestsPerMinute: 6_000,
  submissionsPerMinute: 600,
  registrationsPerMinute: 1_200,
} as const;

/** The same for addresses of this machine: benchmarks and proxies come from there. */
export const LOOPBACK_LIMITS: AddressLimits = {
  connectionsPerAddress: 25_000,
  linksPerAddress: 20_000,
  streamsPerAddress: 2_000,
  requestsPerMinute: 1_000_000,
  submissionsPerMinute: 6_000,
  registrationsPerMinute: 1_000_000,
};

/** Addresses that are remembered with what they did in the last minute; past it the oldest is forgotten. */
export const REMEMBERED_ADDRESSES = 50_000;

/** What one owner may have. Each can be set by `--limit NAME=NUMBER`. */
export const OWNER_LIMITS = {
  activeJobsPerOwner: 1_000,
  jobsPerDayPerOwner: 10_000,
  /** Tasks of jobs that have not ended. */
  openTasksPerOwner: 10_000_000_000,
  /** Inputs, results and blobs of all its jobs. */
  storedBytesPerOwner: 100 * GIB,
  /** Slots that run tasks of the owner at one time. */
  slotsPerOwner: 1_000_000,
} as const;

/** What one task of a job may take and give at most, and what it may where its job says nothing. Each can be set by `--limit NAME=NUMBER`. */
export const JOB_LIMITS = {
  longestTaskMs: 24 * 60 * 60 * SECOND,
  bytesPerInput: 64 * MIB,
  bytesPerOutput: 64 * MIB,
  logLinesPerTask: 10_000,
} as const;

/** On loopback without accounts there is one owner, who sits at this machine: only the disk ends what they may do. */
export const LOCAL_OWNER_LIMITS: OwnerLimits = {
  activeJobsPerOwner: 100_000,
  jobsPerDayPerOwner: 10_000_000,
  openTasksPerOwner: Number.MAX_SAFE_INTEGER,
  storedBytesPerOwner: Number.MAX_SAFE_INTEGER,
  slotsPerOwner: 1_000_000,
};

/** Bounds on what accounts, and those who try to get at them, may cost the hub. */
export const ACCOUNT_LIMITS = {
  /** Password hashes under way at once, each with its own memory; what waits past that; what more is told to come again. */
  hashesAtOnce: 2,
  hashesWaiting: 128,
  /** Wrong passwords within `signInWindowSeconds`, for one name and from one address. */
  failuresPerAccount: 20,
  failuresPerAddress: 100,
  signInWindowSeconds: 15 * 60,
  /** Accounts made, and codes of invitations tried, from one address an hour: a school may come from one. */
  signUpsPerAddress: 300,
  codesPerAddress: 1_000,
  /** A session ends so long after it was last seen, and after it began. */
  sessionIdleMs: 14 * DAY,
  sessionMs: 90 * DAY,
  /** The archive is told this seldom that a session, or a token, is in use. */
  seenEveryMs: 5 * 60 * SECOND,
  sessionsPerAccount: 50,
  tokensPerAccount: 100,
  invitationsListed: 500,
  operatorLinkMs: 15 * 60 * SECOND,
  passwordLinkMs: DAY,
  auditEntries: 100_000,
  auditDetailChars: 500,
  userAgentChars: 200,
  /** Sign-ins by the single sign-on that have begun and not come back. */
  openIdStarts: 1_000,
  openIdStartMs: 10 * 60 * SECOND,
  /** What signed-in volunteers did is added to their accounts this often. */
  workEveryMs: 10 * SECOND,
  /** An output that was uploaded may be reported so long. */
  uploadMs: 30 * DAY,
} as const;

/** Submissions leave so much of the disk free, unless the operator says otherwise. */
export const MIN_FREE_BYTES = 256 * MIB;

/** What an operator sets by `--limit`; the rest is as above. */
export type SetLimits = Partial<AddressLimits & OwnerLimits & AllowedPerTask>;
export const SETTABLE_LIMITS: readonly string[] = [...Object.keys(ADDRESS_LIMITS), ...Object.keys(OWNER_LIMITS), ...Object.keys(JOB_LIMITS)];

export type HttpLimits = Readonly<Record<keyof typeof HTTP_LIMITS, number>>;
export type OwnerLimits = Readonly<Record<keyof typeof OWNER_LIMITS, number>>;
export type AllowedPerTask = Readonly<Record<keyof typeof JOB_LIMITS, number>>;
export type AddressLimits = Readonly<Record<keyof typeof ADDRESS_LIMITS, number>>;
