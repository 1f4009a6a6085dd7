import { mkdtemp, rm } from "node:fs/promises";
import { sql } from "kysely";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expectRefusal } from "./contract/expectations.ts";
import { migrate, type Migration, type TableDialect } from "./migrations.ts";
import type { Records } from "./records/records.ts";
import { ArchiveThread } from "./sqlite/archive-thread.ts";
import { threadRecords } from "./sqlite/sqlite-results-archive.ts";

const dialect: TableDialect = { bytesType: sql`blob`, autoIncrementType: sql`integer primary key`, compactTable: sql`` };
const makeTable = (name: string): Migration => ({ schema }) => [schema.createTable(name).addColumn("id", "integer").compile()];

let folder = "";
let thread: ArchiveThread;
let records: Records;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-migrations-"));
  thread = await ArchiveThread.open(join(folder, "test.sqlite"), console, (error) => { throw error; });
  records = threadRecords(thread);
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

async function tables(): Promise<readonly string[]> {
  return (await records.database.introspection.getTables()).map(({ name }) => name);
}

test("migrate: runs what is new, once, in order", async () => {
  await migrate(records, dialect, [makeTable("one")]);
  await migrate(records, dialect, [makeTable("one"), makeTable("two"), makeTable("three")]);
  await migrate(records, dialect, [makeTable("one"), makeTable("two"), makeTable("three")]);
  expect(await tables()).toEqual(["one", "schema_version", "three", "two"]);
  expect(await records.database.selectFrom("schema_version").selectAll().execute()).toEqual([{ version: 3 }]);
});

test("migrate: a migration that fails leaves nothing behind, and those before it stand", async () => {
  const halfway: Migration = (database, on) => [...makeTable("half")(database, on), ...makeTable("one")(database, on)];
  await expectRefusal(migrate(records, dialect, [makeTable("one"), halfway]), "invalid-request");
  expect(await tables()).toEqual(["one", "schema_version"]);
  expect(await records.database.selectFrom("schema_version").selectAll().execute()).toEqual([{ version: 1 }]);
});

test("migrate: a schema of a newer program is refused", async () => {
  await migrate(records, dialect, [makeTable("one"), makeTable("two")]);
  await expect(migrate(records, dialect, [makeTable("one")])).rejects.toThrow("(schema 2, this program knows 1)");
});
