import * as z from "zod/mini";
import type { Settings, SettingsChange } from "../../protocol/http/accounts-operation.ts";
import { volunteersSchema, type Volunteers } from "../../protocol/http/accounts.ts";
import type { AccountStore } from "../archive/account-store.ts";

const keptSchema = z.object({
  signUp: z._default(z.boolean(), false),
  signUpRole: z._default(z.enum(["volunteer", "submitter"]), "volunteer"),
  volunteers: z._default(volunteersSchema, "anonymous"),
});
type Kept = z.infer<typeof keptSchema>;

/** What the operator has set, kept in the archive. */
export class HubSettings {
  readonly #store: AccountStore;
  readonly #volunteers: Volunteers | null;
  #kept: Kept;

  private constructor(store: AccountStore, kept: Kept, volunteers: Volunteers | null) {
    this.#store = store;
    this.#kept = kept;
    this.#volunteers = volunteers;
  }

  /** `volunteers`: as the command line fixes it, or null. */
  static async load(store: AccountStore, volunteers: Volunteers | null): Promise<HubSettings> {
    const stored = await store.settings();
    const values = Object.fromEntries([...stored].map(([name, json]): [string, unknown] => [name, JSON.parse(json)]));
    return new HubSettings(store, keptSchema.parse(values), volunteers);
  }

  get now(): Settings {
    return { ...this.#kept, volunteers: this.#volunteers ?? this.#kept.volunteers, volunteersFixed: this.#volunteers !== null };
  }

  async change(change: SettingsChange): Promise<Settings> {
    const { signUp = this.#kept.signUp, signUpRole = this.#kept.signUpRole, volunteers = this.#kept.volunteers } = change;
    const kept: Kept = { signUp, signUpRole, volunteers };
    await this.#store.saveSettings(new Map(Object.entries(kept).map(([name, value]) => [name, JSON.stringify(value)])));
    this.#kept = kept;
    return this.now;
  }
}
