import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { RequestHandler } from "express";
import { isSecure, requestedHost } from "./client-address.ts";
import { hubSources } from "./hosts.ts";
import { HttpError } from "./http-error.ts";
import type { HttpOptions } from "./http-options.ts";

/** Every feature that a page could be given and that Chromium knows by name (it complains of others), switched off. */
const PERMISSIONS_OFF = [
  "accelerometer", "autoplay", "browsing-topics", "camera",
  "clipboard-read", "clipboard-write", "compute-pressure", "cross-origin-isolated", "display-capture", "encrypted-media",
  "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
  "interest-cohort", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
  "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
  "storage-access", "sync-xhr", "unload", "usb", "window-management", "xr-spatial-tracking",
].map((feature) => `${feature}=()`).join(", ");

/** `GET /sandbox/frame.html`: the sandbox's one page, with the exact headers of SANDBOX.md. */
export function sandboxFrame(file: string, options: HttpOptions): RequestHandler {
  const page = new FramePage(file);
  return async (request, response) => {
    const { html, scriptHash } = await page.load();
    response.set({
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": [
        "default-src 'none'",
        `script-src '${scriptHash}' 'unsafe-eval' 'wasm-unsafe-eval' blob:`,
        "worker-src blob:",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "webrtc 'block'",
        `frame-ancestors 'self' ${hubSources(requestedHost(request, options), options, isSecure(request, options)).join(" ")}`,
        "sandbox allow-scripts",
      ].join("; "),
      "Connection-Allowlist": "()",
      "Permissions-Policy": PERMISSIONS_OFF,
      "Origin-Agent-Cluster": "?1",
      "Cross-Origin-Resource-Policy": "cross-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-DNS-Prefetch-Control": "off",
      "Cache-Control": "no-store",
    });
    response.send(html);
  };
}

/** Reads the page again when it was built anew. */
class FramePage {
  readonly #file: string;
  #loaded: { html: string; scriptHash: string; modifiedMs: number } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<{ html: string; scriptHash: string }> {
    const modifiedMs = await this.#modifiedMs();
    if (this.#loaded?.modifiedMs === modifiedMs) return this.#loaded;
    const html = await readFile(this.#file, "utf8");
    this.#loaded = { html, scriptHash: inlineScriptHash(html, this.#file), modifiedMs };
    return this.#loaded;
  }

  async #modifiedMs(): Promise<number> {
    try {
      return (await stat(this.#file)).mtimeMs;
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new HttpError(503, "Cannot open the sandbox: its page is not built. Run `npm run build`, then reload.");
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function inlineScriptHash(html: string, file: string): string {
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)];
  const script = scripts[0]?.[1];
  if (script === undefined || scripts.length !== 1) throw new Error(`Cannot serve ${file}: it must hold exactly one inline script, and holds ${scripts.length}`);
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
