// A thenable that settles many times, and both ways, gives one answer.
// ends: answered
export default () => ({ then(resolve, reject) { resolve([]); reject(new Error("late")); resolve([1]); resolve([2]); } });
