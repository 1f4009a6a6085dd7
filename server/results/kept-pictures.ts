import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { jobIdSchema, type JobId } from "../../protocol/ids.ts";

/**
 * The last pictures of ended jobs, as files, so that a gallery costs nothing. A file carries the time of its job's end
 * as its own: a job that ran again and ended later has another end, and its former picture is known to be stale.
 */
export class KeptPictures {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, "pictures");
  }

  /** The picture of the job's end at this time; undefined where none is kept. */
  async read(jobId: JobId, extension: string, endedAtMs: number): Promise<Uint8Array | undefined> {
    const path = this.#path(jobId, extension);
    try {
      const { mtimeMs } = await stat(path);
      return Math.round(mtimeMs) === endedAtMs ? await readFile(path) : undefined;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Whole or not at all, whatever happens meanwhile. */
  async write(jobId: JobId, extension: string, endedAtMs: number, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const path = this.#path(jobId, extension);
    const part = `${path}.part`;
    const file = await open(part, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await utimes(part, endedAtMs / 1000, endedAtMs / 1000);
    await rename(part, path);
  }

  /** Removes what is kept of a job, and what was begun. */
  async remove(jobId: JobId): Promise<void> {
    for (const name of await this.#names()) {
      if (name.startsWith(`${jobId}.`)) await rm(join(this.#folder, name), { force: true });
    }
  }

  /** The jobs of which something is kept. */
  async jobs(): Promise<ReadonlySet<JobId>> {
    const ids = (await this.#names()).map((name) => jobIdSchema.safeParse(name.split(".")[0]));
    return new Set(ids.flatMap((id) => (id.success ? [id.data] : [])));
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw error;
    }
  }

  #path(jobId: JobId, extension: string): string {
    return join(this.#folder, `${jobId}.${extension}`);
  }
}
