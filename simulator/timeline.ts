import type { SimulatedServer } from "./simulated-server.ts";

/** One Compute Server, since it joined. Slot time, ms. */
interface Attendance {
  readonly speed: number;
  presentSlots: number;
  sinceMs: number;
  presentMs: number;
  busyMs: number;
}

/** From then on there is so much capacity: slots times their speeds. */
interface Step {
  readonly atMs: number;
  readonly capacity: number;
}

/** Who was there, and who worked, in virtual time. */
export class Timeline {
  readonly binMs: number;
  readonly #servers = new Map<SimulatedServer, Attendance>();
  readonly #steps: Step[] = [{ atMs: 0, capacity: 0 }];
  /** Work done in each bin: slot time times speed, ms. */
  readonly #workMs: number[] = [];
  #totalWorkMs = 0;

  constructor(binMs = 1_000) {
    this.binMs = binMs;
  }

  /** All that slots did, wasted or not: slot time times speed, ms. */
  get workMs(): number {
    return this.#totalWorkMs;
  }

  presenceChanged(server: SimulatedServer, nowMs: number): void {
    const attendance = this.#of(server, nowMs);
    const slots = server.linked && !server.frozen ? server.slots : 0;
    attendance.presentMs += attendance.presentSlots * (nowMs - attendance.sinceMs);
    const change = (slots - attendance.presentSlots) * attendance.speed;
    attendance.presentSlots = slots;
    attendance.sinceMs = nowMs;
    if (change !== 0) this.#steps.push({ atMs: nowMs, capacity: (this.#steps.at(-1)?.capacity ?? 0) + change });
  }

  busy(server: SimulatedServer, fromMs: number, toMs: number): void {
    const attendance = this.#of(server, fromMs);
    attendance.busyMs += toMs - fromMs;
    this.#totalWorkMs += (toMs - fromMs) * attendance.speed;
    for (let at = fromMs; at < toMs;) {
      const bin = Math.floor(at / this.binMs);
      const end = Math.min(toMs, (bin + 1) * this.binMs);
      this.#workMs[bin] = (this.#workMs[bin] ?? 0) + (end - at) * attendance.speed;
      if (end <= at) break;
      at = end;
    }
  }

  /** Share of their slot time that Compute Servers worked, for each that was there at least that long; ascending. */
  utilisations(leastPresentMs: number, nowMs: number): number[] {
    const shares: number[] = [];
    for (const { presentMs, presentSlots, sinceMs, busyMs } of this.#servers.values()) {
      const slotMs = presentMs + presentSlots * (nowMs - sinceMs);
      if (slotMs >= leastPresentMs) shares.push(busyMs / slotMs);
    }
    return shares.toSorted((a, b) => a - b);
  }

  /** When all that was there since `fromMs` could have done so much work, had it never waited; Infinity if not by `nowMs`. */
  capacityReachesMs(workMs: number, fromMs: number, nowMs: number): number {
    let left = workMs;
    for (const [i, { atMs, capacity }] of this.#steps.entries()) {
      const start = Math.max(fromMs, atMs);
      const end = Math.min(nowMs, this.#steps[i + 1]?.atMs ?? nowMs);
      if (end <= start || capacity <= 0) continue;
      if (capacity * (end - start) >= left) return start + left / capacity;
      left -= capacity * (end - start);
    }
    return Infinity;
  }

  /** For each bin up to now: its middle, the capacity that was there, and the share of it that worked. */
  bins(nowMs: number): { readonly atMs: number; readonly capacity: number; readonly utilisation: number }[] {
    const bins = Array.from({ length: Math.floor(nowMs / this.binMs) }, () => 0);
    for (const [i, { atMs, capacity }] of this.#steps.entries()) {
      const end = Math.min(nowMs, this.#steps[i + 1]?.atMs ?? nowMs);
      for (let at = atMs; at < end;) {
        const bin = Math.floor(at / this.binMs);
        const until = Math.min(end, (bin + 1) * this.binMs);
        if (bin < bins.length) bins[bin] = (bins[bin] ?? 0) + capacity * (until - at);
        if (until <= at) break;
        at = until;
      }
    }
    return bins.map((presentMs, bin) => ({
      atMs: (bin + 0.5) * this.binMs, capacity: presentMs / this.binMs, utilisation: presentMs > 0 ? (this.#workMs[bin] ?? 0) / presentMs : 0,
    }));
  }

  #of(server: SimulatedServer, nowMs: number): Attendance {
    let attendance = this.#servers.get(server);
    if (attendance === undefined) {
      attendance = { speed: server.speed, presentSlots: 0, sinceMs: nowMs, presentMs: 0, busyMs: 0 };
      this.#servers.set(server, attendance);
    }
    return attendance;
  }
}
