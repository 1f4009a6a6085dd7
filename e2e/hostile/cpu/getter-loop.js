// An output whose getter never returns counts as the task that gave it.
// ends: stopped
// time: 500
export default () => ({ get x() { for (;;); } });
