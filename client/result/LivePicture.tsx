import { Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Job } from "../../protocol/http/job.ts";
import { hub } from "../api/hub.ts";
import { isEnded } from "../jobs/job-state.ts";
import { HubPicture } from "./HubPicture.tsx";
import { picturePath } from "./job-paths.ts";
import { PictureCanvas } from "./picture-canvas.ts";
import { TileFeed } from "./tile-feed.ts";
import { useResultEvents } from "./use-result-events.ts";
import type { Extent } from "./viewport.ts";
import { ZoomPane } from "./ZoomPane.tsx";

/** A canvas takes four bytes a pixel in every tab that looks; larger pictures are shown as the hub renders them. */
const MAX_CANVAS_PIXELS = 40_000_000;
/** The hub renders at most once a second: after this, what was skipped is in its picture. */
const HUB_PICTURE_DELAY_MS = 1_500;

interface Props {
  readonly job: Job;
  readonly picture: Extent;
}

/** The job's picture, growing tile by tile while it runs. */
export function LivePicture({ job, picture }: Props) {
  const fitsCanvas = picture.width * picture.height <= MAX_CANVAS_PIXELS;
  const label = `Picture of ${job.name}, ${picture.width} by ${picture.height} pixels`;
  return (
    <ZoomPane label={label} picture={picture}>
      {fitsCanvas ? <TileCanvas key={job.jobId} job={job} picture={picture} /> : <HubPicture job={job} label={label} />}
    </ZoomPane>
  );
}

interface Drawing {
  readonly announce: TileFeed["announce"];
  readonly refresh: () => void;
}

function TileCanvas({ job, picture }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const current = useRef(job);
  const [error, setError] = useState<string | null>(null);
  const ended = isEnded(job.state);
  const { jobId } = job;
  const { width, height } = picture;
  useEffect(() => {
    current.current = job;
  });
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined) return;
    const painter = new PictureCanvas(context);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      painter.showHubPicture(picturePath(current.current)).then(() => setError(null), (reason: Error) => setError(reason.message));
    };
    const refresh = () => void (timer ??= setTimeout(show, HUB_PICTURE_DELAY_MS));
    const feed = new TileFeed({
      read: (range) => hub.results(jobId, range),
      picture: { width, height },
      onTile: (tile) => painter.draw(tile),
      onSkipped: refresh,
    });
    drawing.current = { announce: (ranges) => feed.announce(ranges), refresh };
    show();
    return () => {
      drawing.current = null;
      clearTimeout(timer);
    };
  }, [jobId, width, height, ended]);
  useResultEvents(jobId, !ended, (ranges) => void drawing.current?.announce(ranges));
  return (
    <>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={`${job.tasks.done} of ${job.tasks.total} tiles are drawn`} />
      {error === null ? null : <Text role="alert">{error}</Text>}
    </>
  );
}
