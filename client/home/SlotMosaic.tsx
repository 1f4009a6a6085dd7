import { formatCount, formatQuantity } from "../format/quantity.ts";
import { slotTiles } from "./slot-tiles.ts";

const COLUMNS = 12;
const ROWS = 8;
const PITCH = 20;
const TILE = 16;

/** The grid as tiles: one lit for each Slot that is registered now, breathing while the grid works. */
export function SlotMosaic({ slots, working }: { readonly slots: number; readonly working: boolean }) {
  const { rank, lit, slotsPerTile } = slotTiles(slots, COLUMNS * ROWS);
  const each = slotsPerTile === 1 ? "one tile a Slot" : `one tile for ${formatCount(slotsPerTile)} Slots`;
  const label = slots === 0 ? "No Slot is registered now" : `${formatQuantity(slots, "Slot")} registered now, ${working ? "at work" : "idle"}; ${each}`;
  return (
    <>
      <svg className="home-mosaic" viewBox={`0 0 ${COLUMNS * PITCH - (PITCH - TILE)} ${ROWS * PITCH - (PITCH - TILE)}`} role="img" aria-label={label}>
        {rank.map((place, tile) => (
          <rect
            key={place}
            x={(tile % COLUMNS) * PITCH}
            y={Math.floor(tile / COLUMNS) * PITCH}
            width={TILE}
            height={TILE}
            rx={3.5}
            className={tileClass(place < lit, working)}
            style={{ animationDelay: `${-(place % 17) * 210}ms` }}
          />
        ))}
      </svg>
      <p className="home-mosaic-key mh-soft" aria-hidden="true">{label}</p>
    </>
  );
}

function tileClass(lit: boolean, working: boolean): string {
  if (!lit) return "home-tile";
  return working ? "home-tile home-tile-working" : "home-tile home-tile-lit";
}
