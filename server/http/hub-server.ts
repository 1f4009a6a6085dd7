import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import { SERVER_OPTIONS } from "./guard-server.ts";

/** A certificate with what it is signed by, and its key, both in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** How often the files are looked at: who renews a certificate need not tell the hub. */
const LOOK_EVERY_MS = 2_000;
/** Of a peer that connects and says nothing. */
const HANDSHAKE_WITHIN_MS = 10_000;

export interface HubServer {
  readonly server: Server | TlsServer;
  readonly scheme: "http" | "https";
  /** Reads the certificate again. One that cannot be used is logged, and the one before stays. */
  readonly reloadCertificate: () => void;
}

/** The hub's one port: HTTP, or HTTPS where there is a certificate. Throws GridError "unavailable" where that cannot be used. */
export function createHubServer(files: TlsFiles | null, logger: Logger, onRequest: RequestListener): HubServer {
  if (files === null) return { server: createServer(SERVER_OPTIONS, onRequest), scheme: "http", reloadCertificate: () => undefined };
  const server = createTlsServer({ ...SERVER_OPTIONS, ...readCertificate(files), handshakeTimeout: HANDSHAKE_WITHIN_MS }, onRequest);
  const reloadCertificate = () => {
    try {
      server.setSecureContext(readCertificate(files));
      logger.info({ cert: files.cert }, "the certificate was read again");
    } catch (error) {
      logger.error({ err: error }, "the certificate stays what it was");
    }
  };
  for (const path of [files.cert, files.key]) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, reloadCertificate);
  server.once("close", () => {
    for (const path of [files.cert, files.key]) unwatchFile(path, reloadCertificate);
  });
  return { server, scheme: "https", reloadCertificate };
}

function readCertificate(files: TlsFiles): SecureContextOptions {
  try {
    const options: SecureContextOptions = { cert: readFileSync(files.cert), key: readFileSync(files.key), minVersion: "TLSv1.2" };
    // Here and now, so that a key that does not belong to the certificate is told of.
    createSecureContext(options);
    return options;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new GridError("unavailable", `Cannot use the certificate ${files.cert} with the key ${files.key}: ${why}. Both must be PEM files that this user may read, and belong together.`, { cause: error });
  }
}
