import type { BlobId, ComputeServerId, ExecutableId } from "../../protocol/ids.ts";

/** Files of one Compute Server; past it the longest assigned are forgotten. Its batches hold at most so many large inputs. */
const FILES_PER_SERVER = 65_536;

type FileId = BlobId | ExecutableId;

/** Which Executables and large inputs each Compute Server was assigned, under its present registration: it may read no others. */
export class AssignedFiles {
  readonly #files = new Map<ComputeServerId, Set<FileId>>();

  assigned(computeServerId: ComputeServerId, files: Iterable<FileId>): void {
    const known = this.#files.get(computeServerId) ?? new Set();
    this.#files.set(computeServerId, known);
    for (const file of files) {
      known.delete(file); // and in again, as the one assigned last
      known.add(file);
    }
    for (const oldest of known) {
      if (known.size <= FILES_PER_SERVER) break;
      known.delete(oldest);
    }
  }

  has(computeServerId: ComputeServerId, file: FileId): boolean {
    return this.#files.get(computeServerId)?.has(file) === true;
  }

  /** Its lease is over. */
  forget(computeServerId: ComputeServerId): void {
    this.#files.delete(computeServerId);
  }
}
