// So are lines of task.log, also from a task that lets others run.
// ends: stopped
// time: 500
export default async (_, task) => { for (;;) { for (let i = 0; i < 500; i++) task.log("x".repeat(2_000)); await new Promise((resolve) => { setTimeout(resolve); }); } };
