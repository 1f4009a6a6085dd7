import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate that vouches for itself, good for this machine's own names and for `grid.test`. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export async function makeCertificate(name: string): Promise<Certificate> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec", algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "grid.test" }, { type: 2, value: "localhost" }, { type: 7, ip: "127.0.0.1" }] },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Writes it where a hub reads it. */
export async function writeCertificate(folder: string, { cert, key }: Certificate): Promise<{ readonly cert: string; readonly key: string }> {
  const paths = { cert: join(folder, "hub.pem"), key: join(folder, "hub.key") };
  await writeFile(paths.key, key, { mode: 0o600 });
  await writeFile(paths.cert, cert);
  return paths;
}
