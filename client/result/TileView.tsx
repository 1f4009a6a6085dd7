import { useEffect, useRef } from "react";
import { EmptyState } from "../layout/EmptyState.tsx";
import type { Output } from "./output.ts";
import { drawTile, readTile } from "./tile.ts";
import type { Extent } from "./viewport.ts";
import { ZoomPane } from "./ZoomPane.tsx";

interface Props {
  readonly output: Output;
  readonly picture: Extent;
}

/** One tile of a picture by itself, or what is wrong with it. */
export function TileView({ output, picture }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tile = readTile(output.value, picture);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const drawn = readTile(output.value, picture);
    if (context !== null && context !== undefined && drawn !== null) drawTile(context, { ...drawn, x: 0, y: 0 });
  }, [output, picture]);
  if (tile === null) {
    return (
      <EmptyState title="This output is no tile of the picture">
        It has to be {"{ x, y, width, height, rgba }"} with 4 bytes a pixel, inside {picture.width} × {picture.height} pixels.
      </EmptyState>
    );
  }
  return (
    <ZoomPane label={`Tile at ${tile.x}, ${tile.y}`} picture={tile}>
      <canvas ref={canvas} width={tile.width} height={tile.height} role="img" aria-label="The tile" />
    </ZoomPane>
  );
}
