// So does an error whose text never ends.
// ends: stopped
// time: 500
export default () => { throw { toString() { for (;;); } }; };
