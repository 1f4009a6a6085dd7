// A sort whose order never agrees with itself is stopped.
// ends: stopped
// time: 500
export default () => { for (;;) new Array(3_000_000).fill(0).map(() => Math.random()).sort((a, b) => { for (let i = 0; i < 1_000; i++); return Math.random() - 0.5; }); };
