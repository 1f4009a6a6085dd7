// An output with a key __proto__ is refused where it is made.
// ends: failed: __proto__
export default () => ({ a: JSON.parse('{ "__proto__": { "polluted": true } }') });
