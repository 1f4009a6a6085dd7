// Nor does one that a child document brings back.
export default async function hostile({ canary }) {
  const child = document.createElement("iframe");
  document.documentElement.append(child);
  const Peer = child.contentWindow.RTCPeerConnection ?? child.contentWindow.webkitRTCPeerConnection;
  const peer = new Peer({ iceServers: [{ urls: `stun:${canary}` }] });
  peer.createDataChannel("secret");
  await peer.setLocalDescription(await peer.createOffer());
}
