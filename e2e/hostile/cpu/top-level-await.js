// So is a module that waits at its top level for what never comes.
// ends: failed: The module ran for 5 s without an end and was stopped
// time: 500
await new Promise(() => undefined);
export default () => 1;
