const LOCK_NAME = "manyhands-compute";

/** Holds a Web Lock where there is one, so that the browser does not freeze a hidden page that computes. */
export class BackgroundLock {
  #release: (() => void) | null = null;

  hold(): void {
    if (this.#release !== null || !("locks" in navigator)) return;
    const held = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    // Shared: two tabs that compute do not wait for each other.
    navigator.locks.request(LOCK_NAME, { mode: "shared" }, () => held).catch((error: unknown) => console.warn("Cannot hold a Web Lock:", error));
  }

  release(): void {
    this.#release?.();
    this.#release = null;
  }
}
