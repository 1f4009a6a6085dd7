// Nor do rejections that nobody takes.
// ends: failed: it threw errors without end
// time: 500
// firefox: holds up the page
export default () => new Promise(() => {
  const again = () => { for (let i = 0; i < 200; i++) Promise.reject(new Error("x".repeat(1_000))); setTimeout(again); };
  again();
});
