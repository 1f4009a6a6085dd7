// Console lines are cut, counted and left out.
// ends: stopped
// time: 500
const line = "x".repeat(5_000);
export default () => { for (;;) console.log(line, { line }); };
