// There is no peer connection in a worker that would ask a STUN server over UDP.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({
    peer: async () => {
      const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${canary}` }] });
      peer.createDataChannel("secret");
      await peer.setLocalDescription(await peer.createOffer());
    },
    socket: () => new UDPSocket({ remoteAddress: "127.0.0.1", remotePort: Number(canary.split(":")[1]) }).opened,
  });
}
