// A flood of timers is stopped with its task.
// ends: stopped
// time: 500
export default () => new Promise(() => { for (let i = 0; i < 20_000; i++) setInterval(() => undefined, 0); });
