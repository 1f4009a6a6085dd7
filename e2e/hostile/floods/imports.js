// Imports without end, each refused by the policy, are stopped with their task.
// ends: stopped
// time: 500
// firefox: holds up the page
export default () => new Promise(() => {
  let i = 0;
  const again = () => { for (const end = i + 500; i < end; i++) import(`data:text/javascript,${i}`).catch(() => undefined); setTimeout(again); };
  again();
});
