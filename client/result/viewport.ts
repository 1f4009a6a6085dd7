/** How a picture lies in its pane: a point p of the picture is seen at `p * scale + (x, y)`, in CSS pixels. */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Width and height, of the picture in its pixels or of the pane in CSS pixels. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const MAX_SCALE = 40;
/** A small picture, such as one tile, is shown this much larger where there is room. */
const MAX_FIT_SCALE = 4;

/** The whole picture, centred, at most four times its size. */
export function fit(picture: Extent, pane: Extent): Viewport {
  return centred(fitScale(picture, pane), picture, pane);
}

/** Zooms by `factor`, keeping what lies under `point` of the pane where it is. */
export function zoomAt(viewport: Viewport, point: Point, factor: number, picture: Extent, pane: Extent): Viewport {
  const scale = Math.min(MAX_SCALE, Math.max(fitScale(picture, pane), viewport.scale * factor));
  const ratio = scale / viewport.scale;
  return held({ scale, x: point.x - (point.x - viewport.x) * ratio, y: point.y - (point.y - viewport.y) * ratio }, picture, pane);
}

/** Moves the picture by so many CSS pixels. */
export function pan(viewport: Viewport, dx: number, dy: number, picture: Extent, pane: Extent): Viewport {
  return held({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, picture, pane);
}

/** The same scale and middle in a pane of another size; a picture that was seen whole stays so. */
export function resized(viewport: Viewport, picture: Extent, before: Extent, after: Extent): Viewport {
  if (viewport.scale <= fitScale(picture, before)) return fit(picture, after);
  const scale = Math.max(viewport.scale, fitScale(picture, after));
  const moved = { scale, x: viewport.x + (after.width - before.width) / 2, y: viewport.y + (after.height - before.height) / 2 };
  return held(moved, picture, after);
}

function fitScale(picture: Extent, pane: Extent): number {
  return Math.min(MAX_FIT_SCALE, pane.width / picture.width, pane.height / picture.height);
}

function centred(scale: number, picture: Extent, pane: Extent): Viewport {
  return { scale, x: (pane.width - picture.width * scale) / 2, y: (pane.height - picture.height * scale) / 2 };
}

/** No gap beside a picture larger than its pane; a smaller one stays in the middle. */
function held(viewport: Viewport, picture: Extent, pane: Extent): Viewport {
  const axis = (at: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at));
  return {
    scale: viewport.scale,
    x: axis(viewport.x, picture.width * viewport.scale, pane.width),
    y: axis(viewport.y, picture.height * viewport.scale, pane.height),
  };
}
