// A peer connection asks no STUN server.
export default async function hostile({ canary }) {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${canary}` }, { urls: `turn:${canary}`, username: "a", credential: "b" }] });
  peer.createDataChannel("secret");
  await peer.setLocalDescription(await peer.createOffer());
}
