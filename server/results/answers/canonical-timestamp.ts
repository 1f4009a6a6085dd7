const LATEST_SECONDS = 8.64e12;

/**
 * The three spellings of a MessagePack timestamp as one, to the millisecond that a Date knows. What no Date holds
 * stays as it is.
 */
export function canonicalTimestamp(bytes: Uint8Array): Uint8Array {
  const time = timeOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (time === null || Math.abs(time.seconds) > LATEST_SECONDS) return bytes;
  const canonical = new DataView(new ArrayBuffer(8));
  // As a Date takes it: toward zero, and never -0.
  canonical.setFloat64(0, Math.trunc(time.seconds * 1000 + time.nanoseconds / 1e6) + 0);
  return new Uint8Array(canonical.buffer);
}

function timeOf(view: DataView): { seconds: number; nanoseconds: number } | null {
  switch (view.byteLength) {
    case 4: return { seconds: view.getUint32(0), nanoseconds: 0 };
    case 8: return { seconds: (view.getUint32(0) & 3) * 2 ** 32 + view.getUint32(4), nanoseconds: view.getUint32(0) >>> 2 };
    case 12: return { seconds: Number(view.getBigInt64(4)), nanoseconds: view.getUint32(0) };
    default: return null;
  }
}
