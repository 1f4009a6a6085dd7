// They reach none either when the job takes away what would hold them back.
// ends: failed: it threw errors without end
// time: 500
Event.prototype.preventDefault = () => undefined;
self.addEventListener("error", (event) => event.stopImmediatePropagation(), { capture: true });
export default () => new Promise(() => {
  const again = () => { for (let i = 0; i < 50; i++) queueMicrotask(() => { throw new Error("x".repeat(10_000)); }); setTimeout(again); };
  again();
});
