// Telling how far it is a million times a second costs the task, and nobody else.
// ends: stopped
// time: 500
export default async (_, task) => { for (let i = 0; ; i++) { task.progress((i % 100) / 100); if (i % 10_000 === 0) await new Promise((resolve) => { setTimeout(resolve); }); } };
