// What is an option worth? Each task plays the market many times over; together they close in on the price.
import type { Task } from "../../sdk/task.ts";

interface Market { spot: number; strike: number; rate: number; volatility: number; years: number }
interface Batch extends Market { paths: number; days: number }
type Args = Partial<Market> & { batches?: number; paths?: number };

const MARKET: Market = { spot: 100, strike: 105, rate: 0.03, volatility: 0.25, years: 1 };

export function* inputs({ batches = 300, paths = 10_000, ...market }: Args = {}) {
  const batch: Batch = { ...MARKET, ...market, paths, days: 252 };
  for (let i = 0; i < batches; i++) yield batch;
}

/** Plays `paths` years of daily prices, and sums up what the option pays at their end, in today's money. */
export default function simulate({ spot, strike, rate, volatility, years, paths, days }: Batch, task: Pick<Task, "index" | "random">) {
  const day = years / days;
  const drift = (rate - volatility ** 2 / 2) * day;
  const wobble = volatility * Math.sqrt(day);
  let sum = 0, sumOfSquares = 0;
  for (let path = 0; path < paths; path++) {
    let logarithm = 0;
    for (let d = 0; d < days; d++) logarithm += drift + wobble * normal(task.random);
    const payoff = Math.exp(-rate * years) * Math.max(0, spot * Math.exp(logarithm) - strike);
    sum += payoff;
    sumOfSquares += payoff ** 2;
  }
  return { batch: task.index, paths, sum, sumOfSquares };
}

/** Normally distributed, mean 0, deviation 1 (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The exact price of this very option (Black and Scholes, 1973), to compare with. */
export function blackScholes({ spot, strike, rate, volatility, years }: Market): number {
  const deviation = volatility * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (rate + volatility ** 2 / 2) * years) / deviation;
  return spot * normalBelow(d1) - strike * Math.exp(-rate * years) * normalBelow(d1 - deviation);
}

/** Probability that a normal variable is below x (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}

/** The mean of all paths so far, with the band that holds the true price with 99 % confidence. */
export function view(market: Args = {}) {
  const exact = blackScholes({ ...MARKET, ...market });
  const x = { field: "count", type: "quantitative", title: "Simulated paths", axis: { format: "~s" } };
  const y = { type: "quantitative", title: "Price of the option", scale: { zero: false } };
  const spec = {
    title: `Dashed: the exact price, ${exact.toFixed(3)} by Black and Scholes`,
    width: 640, height: 360,
    data: { name: "outputs" },
    transform: [
      {
        sort: [{ field: "batch" }],
        window: [{ op: "sum", field: "paths", as: "count" }, { op: "sum", field: "sum", as: "total" }, { op: "sum", field: "sumOfSquares", as: "squares" }],
      },
      { calculate: "datum.total / datum.count", as: "price" },
      { calculate: "2.576 * sqrt((datum.squares / datum.count - datum.price * datum.price) / datum.count)", as: "error" },
      { calculate: "datum.price - datum.error", as: "low" },
      { calculate: "datum.price + datum.error", as: "high" },
    ],
    layer: [
      { mark: { type: "area", opacity: 0.25 }, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } } },
      { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y: { ...y, field: "price" } } },
      { data: { values: [{ exact }] }, mark: { type: "rule", strokeDash: [6, 4], color: "#c2410c" }, encoding: { y: { ...y, field: "exact" } } },
    ],
  };
  return { kind: "chart", spec };
}
