// So are buffers, filled so that they are real.
// ends: dead
// time: 1500
export default () => { const all = []; for (;;) all.push(new Uint8Array(16 * 1024 * 1024).fill(1)); };
