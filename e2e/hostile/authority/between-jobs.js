// Two jobs that run at once hear nothing of each other: no channel and no lock is common to them.
// ends: answered
// twice: at once
export default async function hostile(_, { jobId }) {
  const heard = [];
  const stop = new Promise((resolve) => { setTimeout(resolve, 900); });
  try {
    const channel = new BroadcastChannel("secret");
    channel.onmessage = ({ data }) => { if (data !== jobId) heard.push("channel"); };
    const talking = setInterval(() => channel.postMessage(jobId), 50);
    stop.then(() => clearInterval(talking));
  } catch { /* there is none */ }
  try {
    navigator.locks.request("secret", { ifAvailable: true }, (lock) => { if (lock === null) heard.push("lock"); return stop; }).catch(() => undefined);
  } catch { /* there is none */ }
  await stop;
  return [...new Set(heard)];
}
