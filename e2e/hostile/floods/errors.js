// Errors that nobody catches, as fast as they can be thrown, reach no other thread.
// ends: failed: it threw errors without end
// time: 500
const message = "x".repeat(10_000);
export default () => new Promise(() => {
  const again = () => { for (let i = 0; i < 50; i++) queueMicrotask(() => { throw new Error(message); }); setTimeout(again); };
  again();
});
