// An endless loop at the top level of a module is stopped, and every task of it fails with words.
// ends: failed: The module ran for 5 s without an end and was stopped
// time: 500
for (;;);
export default () => 1;
