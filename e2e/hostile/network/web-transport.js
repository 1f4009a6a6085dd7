// No WebTransport session, which would speak QUIC over UDP, is opened.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({ session: () => new WebTransport(`https://${canary}/web-transport`).ready });
}
