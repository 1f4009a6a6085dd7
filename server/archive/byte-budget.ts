/** Lets at most so many bytes be under way at once. What is larger by itself goes alone. First come, first served. */
export class ByteBudget {
  readonly #limit: number;
  readonly #waiting: { readonly bytes: number; readonly start: () => void }[] = [];
  #used = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  async spend<T>(bytes: number, task: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ bytes, start });
      this.#advance();
    });
    try {
      return await task();
    } finally {
      this.#used -= bytes;
      this.#advance();
    }
  }

  #advance(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#used += next.bytes;
      this.#waiting.shift();
      next.start();
    }
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#limit;
  }
}
