// So are strings.
// ends: dead
// time: 500
export default () => { const all = []; for (let i = 0; ; i++) all.push(String(i).repeat(100_000).split("").reverse().join("")); };
