// An endless loop is stopped when its time is up.
// ends: stopped
// time: 500
export default () => { for (;;); };
