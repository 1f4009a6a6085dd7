// Objects without end are ended with their slot.
// ends: dead
// time: 1500
export default () => { const all = []; for (;;) all.push({ all: [1, 2, 3], at: all.length }); };
