// A thenable that hands on another thenable for ever is stopped.
// ends: stopped
// time: 500
const again = () => ({ then: (resolve) => resolve(again()) });
export default () => again();
