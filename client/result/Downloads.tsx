import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { Job } from "../../protocol/http/job.ts";
import { chartToPng } from "./chart-to-png.ts";
import { downloadName, picturePath, resultsPath } from "./job-paths.ts";

const DATA_FORMATS = [
  { format: "ndjson", label: "NDJSON, one result a line" },
  { format: "csv", label: "CSV, for spreadsheets" },
  { format: "json", label: "JSON, one list" },
] as const;

/** The results to take along, as picture and as data. */
export function Downloads({ job }: { readonly job: Job }) {
  const [error, setError] = useState<string | null>(null);
  const kind = job.pictureUrl === null ? null : job.view?.kind;
  const savePng = () => {
    chartToPng(picturePath(job), downloadName(job, "png")).then(() => setError(null), (reason: Error) => setError(reason.message));
  };
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" px="xs" leftSection={<IconDownload size={16} />}>Download</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {kind === "image" ? <Menu.Item component="a" href={picturePath(job)} download={downloadName(job, "png")}>PNG, the picture</Menu.Item> : null}
          {kind === "chart" ? <Menu.Item component="a" href={picturePath(job)} download={downloadName(job, "svg")}>SVG, the chart</Menu.Item> : null}
          {kind === "chart" ? <Menu.Item onClick={savePng}>PNG, the chart</Menu.Item> : null}
          {DATA_FORMATS.map(({ format, label }) => (
            <Menu.Item key={format} component="a" href={resultsPath(job.jobId, format)} download={downloadName(job, format)}>{label}</Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {error === null ? null : <span role="alert">{error}</span>}
    </>
  );
}
