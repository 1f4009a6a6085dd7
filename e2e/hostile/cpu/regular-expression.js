// A regular expression that tries every way there is comes to an end by its time.
// ends: stopped
// time: 500
export default () => /^(([a-z])+.)+[A-Z]([a-z])+$/.test("a".repeat(60));
