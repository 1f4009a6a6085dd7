// An output of endless depth or part of itself is refused.
// ends: failed: nested deeper
export default () => { const loop = []; loop.push(loop); return loop; };
