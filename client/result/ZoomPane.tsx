import "./zoom-pane.css";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useZoom } from "./use-zoom.ts";
import type { Extent } from "./viewport.ts";

/** From this scale on, pixels are shown as squares. */
const SHARP_SCALE = 2;
const BUTTON_ZOOM = 1.6;
/** The whole picture is seen at once, with the page's head; a frame of its own shape leaves no bars beside it. */
const MAX_HEIGHT_VH = 80;

interface Props {
  /** What the picture is called for those who do not see it. */
  readonly label: string;
  readonly picture: Extent;
  /** The picture itself, at its own size. */
  readonly children: ReactNode;
}

/** A picture that can be zoomed and moved by wheel, drag, pinch, keys and buttons. */
export function ZoomPane({ label, picture, children }: Props) {
  const { paneRef, viewport, isWhole, zoomBy, showWhole, handlers } = useZoom(picture);
  return (
    <div className="zoom-frame" style={{ maxWidth: `max(15rem, ${(MAX_HEIGHT_VH * picture.width) / picture.height}vh)` }}>
      <div
        ref={paneRef}
        className="zoom-pane"
        data-whole={isWhole}
        data-sharp={viewport.scale >= SHARP_SCALE}
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
        role="group"
        aria-label={`${label}. Zoom with plus and minus, move with the arrow keys, 0 shows the whole.`}
        tabIndex={0}
        {...handlers}
      >
        <div
          className="zoom-content"
          style={{ width: picture.width, height: picture.height, transform: `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.scale})` }}
        >
          {children}
        </div>
      </div>
      <div className="zoom-buttons">
        <ZoomButton label="Zoom in" onClick={() => zoomBy(BUTTON_ZOOM)}><IconPlus size={18} /></ZoomButton>
        <ZoomButton label="Zoom out" onClick={() => zoomBy(1 / BUTTON_ZOOM)} disabled={isWhole}><IconMinus size={18} /></ZoomButton>
        <ZoomButton label="Show the whole picture" onClick={showWhole} disabled={isWhole}><IconMaximize size={18} /></ZoomButton>
      </div>
    </div>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

function ZoomButton({ label, onClick, disabled = false, children }: ButtonProps) {
  return (
    <Tooltip label={label} position="left">
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={onClick} disabled={disabled}>{children}</ActionIcon>
    </Tooltip>
  );
}
