// A promise that never settles is given up when its time is over.
// ends: stopped
// time: 500
export default () => new Promise(() => undefined);
