/** Bounds on what one Compute Server's link may cost the hub. */
export const LINK_LIMITS = {
  framesPerSecond: 200,
  framesBurst: 1_000,
  /** Frames taken in but not handled yet; past it the socket is not read. */
  waitingFrames: 16,
  /** Bytes on their way to a Compute Server that does not read them. */
  sendBufferBytes: 64 * 1024 * 1024,
  registerWithinMs: 20_000,
  closeWithinMs: 5_000,
  /** The WebSocket protocol allows 123 bytes. */
  closeReasonChars: 120,
  /** Open links of one hub, and of one address of a peer. */
  links: 20_000,
  linksPerAddress: 10_000,
} as const;
