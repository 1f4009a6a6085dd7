// So is one that lets others run in between.
// ends: stopped
// time: 500
export default async () => { for (;;) await null; };
