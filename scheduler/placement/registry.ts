// Every placement policy under its name. To add one: a file that exports its definition, and a line here.

export { leastExpectedFinish as "least-expected-finish" } from "./least-expected-finish.ts";
export { leastTotalTime as "least-total-time" } from "./least-total-time.ts";
export { longestSinceCompletion as "longest-since-completion" } from "./longest-since-completion.ts";
export { random } from "./random.ts";
export { roundRobin as "round-robin" } from "./round-robin.ts";
export { twoChoices as "two-choices" } from "./two-choices.ts";
