// A flood of microtasks, which never lets a timer run, is stopped.
// ends: stopped
// time: 500
export default () => new Promise(() => { const again = () => { Promise.resolve().then(again); queueMicrotask(() => undefined); }; again(); });
