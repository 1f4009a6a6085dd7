// A flood of messages to the frame's document does not reach the page around it.
// ends: stopped
// time: 500
// walls: policy
const part = new Uint8Array(1024 * 1024);
export default () => new Promise(() => {
  const again = () => { for (let i = 0; i < 20; i++) globalThis.slot.postMessage(part); setTimeout(again); };
  again();
});
