import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod/mini";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

const storedTokenSchema = z.object({ token: z.string(), tokenId: z.string(), account: z.string() });
export type StoredToken = z.infer<typeof storedTokenSchema>;
const storeSchema = z.record(z.string(), storedTokenSchema);

/** Tokens of `manyhands sign-in`, one a hub, in a file that its owner alone can read. */
export class TokenStore {
  readonly path: string;

  /** `configFolder`: where programs of this person keep what they are told. */
  constructor(configFolder: string) {
    this.path = join(configFolder, "manyhands", "tokens.json");
  }

  /** Of the hub with this origin; undefined where nobody signed in from here. */
  async get(hub: string): Promise<StoredToken | undefined> {
    return (await this.#read())[hub];
  }

  async set(hub: string, token: StoredToken): Promise<void> {
    await this.#write({ ...(await this.#read()), [hub]: token });
  }

  async remove(hub: string): Promise<void> {
    const { [hub]: _, ...others } = await this.#read();
    await this.#write(others);
  }

  async #read(): Promise<Readonly<Record<string, StoredToken>>> {
    const text = await readFile(this.path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
      throw new Error(`Cannot read the tokens in ${this.path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    try {
      return storeSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new Error(`Cannot read the tokens in ${this.path}: it does not hold what manyhands writes there. Remove it, and sign in again.`, { cause: error });
    }
  }

  /** In whole or not at all: a full disk leaves what was there. */
  async #write(tokens: Readonly<Record<string, StoredToken>>): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    const unfinished = `${this.path}.${randomUUID()}`;
    await writeFile(unfinished, `${JSON.stringify(tokens, null, 2)}\n`, { mode: OWNER_ONLY_FILE, flag: "wx" });
    await rename(unfinished, this.path);
  }
}

/** `$XDG_CONFIG_HOME`, or `~/.config`. */
export function tokenStore(): TokenStore {
  const folder = process.env["XDG_CONFIG_HOME"];
  return new TokenStore(folder === undefined || folder === "" ? join(homedir(), ".config") : folder);
}
