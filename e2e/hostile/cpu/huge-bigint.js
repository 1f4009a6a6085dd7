// Numbers of millions of digits hold nothing up.
// ends: stopped
// time: 500
export default () => { for (;;) { let x = 3n; for (let i = 0; i < 18; i++) x *= x; } };
