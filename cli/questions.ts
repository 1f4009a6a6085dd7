import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";

interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

/**
 * Asks a person on the terminal. A secret is not echoed. What comes by a pipe is read line by line, in the order of
 * the questions.
 */
export class Questions {
  readonly #interface: Interface;
  readonly #lines: AsyncIterator<string>;
  readonly #output: NodeJS.WritableStream;
  readonly #onTerminal: boolean;
  #secret = false;

  constructor(input: Input = process.stdin, output: NodeJS.WritableStream = process.stderr) {
    this.#output = output;
    this.#onTerminal = input.isTTY === true;
    const echo = new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        if (!this.#secret) output.write(chunk);
        done();
      },
    });
    this.#interface = createInterface({ input, output: echo, terminal: this.#onTerminal, historySize: 0 });
    this.#lines = this.#interface[Symbol.asyncIterator]();
  }

  /** An empty answer is `otherwise`, where there is one. */
  async ask(question: string, otherwise?: string): Promise<string> {
    const answer = await this.#line(otherwise === undefined ? `${question}: ` : `${question} [${otherwise}]: `);
    return answer.trim() === "" && otherwise !== undefined ? otherwise : answer.trim();
  }

  async askSecret(question: string): Promise<string> {
    const answer = this.#line(`${question}: `);
    this.#secret = true;
    try {
      return await answer;
    } finally {
      this.#secret = false;
      this.#output.write("\n");
    }
  }

  close(): void {
    this.#interface.close();
  }

  async #line(prompt: string): Promise<string> {
    if (this.#onTerminal) {
      this.#interface.setPrompt(prompt);
      this.#interface.prompt();
    } else {
      this.#output.write(prompt); // a pipe may have ended already, with its last lines still to be read
    }
    const { done, value } = await this.#lines.next();
    if (done === true) throw new Error("Cannot go on: the question was not answered");
    return value;
  }
}
