import { createHash, type X509Certificate } from "node:crypto";
import { connect } from "node:tls";

const CONNECT_WITHIN_MS = 15_000;

/**
 * The fingerprint of the key that a hub proves to hold, as Chromium's --ignore-certificate-errors-spki-list takes it.
 * Chromium does not read NODE_EXTRA_CA_CERTS: so Node, which does, judges the certificate, and the browser is told to take
 * this very key and no other. Null where there is nothing to tell it: no TLS, or no authorities beyond the usual ones.
 * Throws where Node does not trust the certificate either.
 */
export async function verifiedKey(hubUrl: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<string | null> {
  const url = new URL(hubUrl);
  if (url.protocol !== "https:" || (env["NODE_EXTRA_CA_CERTS"] ?? "") === "") return null;
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const socket = connect({ host, port: url.port === "" ? 443 : Number(url.port), ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }), timeout: CONNECT_WITHIN_MS });
    socket.once("secureConnect", () => {
      resolve(fingerprint(socket.getPeerX509Certificate()));
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error("it does not answer")));
    socket.once("error", (error) => reject(new Error(`Cannot trust ${hubUrl}: ${error.message}`, { cause: error })));
  });
}

function fingerprint(certificate: X509Certificate | undefined): string | null {
  if (certificate === undefined) return null;
  return createHash("sha256").update(certificate.publicKey.export({ type: "spki", format: "der" })).digest("base64");
}
