import { isLoopback } from "../address-guard.ts";

/** Memory that many peers take together, of which no single address may have all. */
export class ByteShares {
  readonly #limitBytes: number;
  readonly #bytesPerAddress: number;
  #bytes = 0;
  readonly #byNetwork = new Map<string, number>();

  constructor(limitBytes: number, bytesPerAddress: number) {
    this.#limitBytes = limitBytes;
    this.#bytesPerAddress = bytesPerAddress;
  }

  /** Takes these bytes until the answer is called; or tells whose limit they would pass. What is alone is never too much for an address. */
  take(network: string, bytes: number): (() => void) | "all" | "address" {
    const ofNetwork = this.#byNetwork.get(network) ?? 0;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#limitBytes) return "all";
    if (ofNetwork > 0 && !isLoopback(network) && ofNetwork + bytes > this.#bytesPerAddress) return "address";
    this.#bytes += bytes;
    this.#byNetwork.set(network, ofNetwork + bytes);
    return () => {
      this.#bytes -= bytes;
      const left = (this.#byNetwork.get(network) ?? bytes) - bytes;
      if (left === 0) this.#byNetwork.delete(network);
      else this.#byNetwork.set(network, left);
    };
  }
}
