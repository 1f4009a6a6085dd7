/** Bounds on what one Compute Server's link may cost the hub. */
export const LINK_LIMITS = {
  framesPerSecond: 1_000,
  /** A tab that comes back sends at once all that was not acknowledged. */
  framesBurst: 10_000,
  /** Frames, and bytes of frames, taken in but not handled yet; past either the socket is not read. */
  waitingFrames: 16,
  waitingBytes: 4 * 1024 * 1024,
  /** Past this much on its way to a Compute Server no further batch is read for it. */
  sendAheadBytes: 4 * 1024 * 1024,
  /** Bytes on their way to a Compute Server that does not read them. */
  sendBufferBytes: 64 * 1024 * 1024,
  registerWithinMs: 20_000,
  closeWithinMs: 5_000,
  /** What the WebSocket protocol allows, in UTF-8. */
  closeReasonBytes: 123,
  /** Open links of one hub, and of one address of a peer. */
  links: 20_000,
  linksPerAddress: 10_000,
} as const;
