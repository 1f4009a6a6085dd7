/** More in one second are a flood. */
const UNCAUGHT_PER_SECOND = 500;

/**
 * Takes what a job throws and nobody catches. Each would cost the frame's document an event and the browser's console a
 * line, even where it is held back, so a flood of them ends the slot before other threads have to carry it.
 */
export class UncaughtErrors {
  readonly #now: () => number;
  /** Bound twice, so that nothing that a job puts into a prototype is asked. */
  readonly #preventDefault: (event: Event) => void = Function.prototype.call.bind(Reflect.get(Event.prototype, "preventDefault"));
  #second = -Infinity;
  #count = 0;
  /** Called once a second at most. */
  onFlood: () => void = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly take = (event: Event): void => {
    this.#preventDefault(event);
    if (this.#now() - this.#second > 1_000) {
      this.#second = this.#now();
      this.#count = 0;
    }
    if (++this.#count === UNCAUGHT_PER_SECOND) this.onFlood();
  };
}
