export const TASKS = 10_000;
export const SERVERS = 200;

/** NUMBERS.md section 4, the rows of credibility: simulated there with 10 000 tasks and 200 servers, at the worst s. */
export const TABLE_ROWS = [
  { saboteurShare: 0.05, errorRate: 0.01, published: { error: { value: 0.0031, atMost: false }, work: 1.15 } },
  { saboteurShare: 0.2, errorRate: 0.01, published: { error: { value: 0.0022, atMost: false }, work: 1.98 } },
  { saboteurShare: 0.2, errorRate: 0.001, published: { error: { value: 0.00003, atMost: true }, work: 2.35 } },
  { saboteurShare: 0.35, errorRate: 0.0001, published: { error: { value: 0.00002, atMost: true }, work: 3.5 } },
] as const;
