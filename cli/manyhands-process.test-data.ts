import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../bin/manyhands.js");
/** Nobody's: a browser that the command starts makes the folder for itself. */
const CONFIG_FOLDER = join(tmpdir(), `manyhands-test-config-${process.pid}`);

/** The command `manyhands` in a process of its own. */
export class ManyhandsProcess {
  stdout = "";
  stderr = "";
  readonly #child;
  readonly #listeners = new Set<() => void>();

  /** Nothing of whoever runs the tests comes in: no hub, no token, unless `env` says so. */
  constructor(args: readonly string[], stdin = "", env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [PROGRAM, ...args], { stdio: "pipe", env: { ...process.env, MANYHANDS_HUB: "", MANYHANDS_TOKEN: "", XDG_CONFIG_HOME: CONFIG_FOLDER, ...env } });
    this.#child.stdin.on("error", (error) => { this.stderr += `stdin: ${error.message}\n`; }).end(stdin);
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => { this.stdout += text; this.#tell(); });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => { this.stderr += text; this.#tell(); });
  }

  /** The exit code at its end, null after a signal that it did not handle. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "close");
    return this.#child.exitCode;
  }

  /** Until it has printed this, on either stream. Throws when it ends without. */
  async printed(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout + this.stderr)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`It ended without printing ${pattern}:\n${this.stdout}\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#listeners.add(resolve);
        this.#child.once("close", resolve);
      });
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
