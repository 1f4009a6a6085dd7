import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountsContract } from "./contract/accounts-contract.ts";
import { failuresContract } from "./contract/failures-contract.ts";
import { heldContract } from "./contract/held-contract.ts";
import { jobsContract } from "./contract/jobs-contract.ts";
import { keepingContract } from "./contract/keeping-contract.ts";
import { modelContract } from "./contract/model-contract.ts";
import { recordsContract } from "./contract/records-contract.ts";
import { resultsContract } from "./contract/results-contract.ts";
import type { ContractStore, OpenStore } from "./contract/contract-store.ts";
import { expectRefusal } from "./contract/expectations.ts";
import { chunkOf, sampleJob } from "./contract/samples.ts";

/** What every Results Archive must hold, whatever stands behind it. `open` gives a new and empty one. */
export function archiveContract(name: string, open: OpenStore): void {
  describe(name, () => {
    let opened: ContractStore | undefined;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened?.remove();
      opened = undefined;
    });
    const store = () => {
      if (opened === undefined) throw new Error("Cannot use the store outside of a test: each test has its own");
      return opened;
    };

    jobsContract(store);
    resultsContract(store);
    heldContract(store);
    failuresContract(store);
    recordsContract(store);
    accountsContract(store);
    keepingContract(store);
    modelContract(store);

    test("close: what was called before is on disk, what comes after is refused (R3)", async () => {
      const { archive } = store();
      const { jobId } = sampleJob();
      const results = Array.from({ length: 100 }, (_, i) => chunkOf(i, [i]));
      const writes = [archive.createJob(sampleJob({ jobId }), []), ...results.map((chunk) => archive.saveResults(jobId, chunk))];
      const closed = archive.close();
      await Promise.all(writes);
      await closed;
      await archive.close();
      await expectRefusal(archive.job(jobId), "unavailable");
      expect(await (await store().reopen()).job(jobId)).toMatchObject({ done: 100 });
    });
  });
}
