import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveContract } from "../archive-contract.ts";
import type { ContractStore } from "../contract/contract-store.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";

async function openStore(): Promise<ContractStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "manyhands-archive-"));
  let archive = await openSqliteArchive({ dataDir });
  return {
    get archive() {
      return archive;
    },
    reopen: async () => {
      await archive.close();
      archive = await openSqliteArchive({ dataDir });
      return archive;
    },
    remove: async () => {
      await archive.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

archiveContract("openSqliteArchive", openStore);
