import { Button, Table } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { formatQuantity } from "../format/quantity.ts";
import { outputFile, type OutputFile } from "./infer-view.ts";
import type { Output } from "./output.ts";

/** Files that tasks gave, each to be saved. */
export function FilesView({ outputs }: { readonly outputs: readonly Output[] }) {
  return (
    <Table>
      <Table.Thead>
        <Table.Tr><Table.Th>File</Table.Th><Table.Th>Size</Table.Th><Table.Th><span className="mh-visually-hidden">Save</span></Table.Th></Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {outputs.map(({ index, value }) => {
          const file = outputFile(value);
          return (
            <Table.Tr key={index}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{file?.name ?? `Task ${index} gave no file`}</Table.Td>
              <Table.Td>{file === null ? "" : formatQuantity(file.bytes.byteLength, "byte")}</Table.Td>
              <Table.Td ta="right">
                {file === null ? null : <Button size="xs" variant="default" leftSection={<IconDownload size={16} />} aria-label={`Save ${file.name}`} onClick={() => save(file)}>Save</Button>}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

/** Saves without opening: what a task gave must never run as a page of this site. */
function save({ name, bytes, type }: OutputFile): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
