// A single array past all bounds is an error of its task.
// ends: dead
// time: 500
export default () => { try { return new Array(2 ** 32 - 1).fill(0).map((_, i) => ({ i })).length; } catch (error) { throw new Error(`refused: ${error.message}`); } };
