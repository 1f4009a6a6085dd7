// Twenty thousand of them at once hold up no other thread for long.
// ends: dead
// time: 500
// firefox: holds up the page
export default () => new Promise(() => { for (let i = 0; i < 20_000; i++) Promise.reject(i); });
