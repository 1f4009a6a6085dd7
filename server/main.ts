import { spawn } from "node:child_process";
import { createLogger } from "./log.ts";
import { startHub } from "./hub.ts";
import { readHubOptions } from "./options.ts";
import { GridError } from "../protocol/grid-error.ts";

/** Runs a hub until it is told to stop. `argv` holds the options alone. */
export async function main(argv: readonly string[]): Promise<void> {
  const options = readHubOptions(argv);
  const logger = createLogger(options.logLevel);
  // Whoever read what is printed may be gone, `npm start | head` for one: the hub goes on without.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  // After a fault that nobody expected the archive is the only truth: stop, and let the next start take it up.
  const onFatal = (error: unknown) => {
    logger.fatal({ err: error }, "the hub stops: something failed that must not");
    process.exit(1);
  };
  process.on("uncaughtException", onFatal);
  process.on("unhandledRejection", onFatal);

  const hub = await startHub({ ...options, logger, onFatal }).catch((error: unknown) => {
    if (!(error instanceof GridError)) throw error;
    console.error(error.message);
    return process.exit(1);
  });
  // Without a certificate a terminal that closes ends the hub, as it does any program.
  if (options.tls !== null) process.on("SIGHUP", () => hub.reloadCertificate());
  console.log(welcome(hub.url, options.dataDir));
  if (hub.operatorLink !== null) console.log(`  Become the operator  open this link within 15 minutes; it works once\n                       ${hub.operatorLink}\n`);
  if (options.open && process.stdout.isTTY && process.env["CI"] === undefined) openInBrowser(hub.url);

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, "stopping: results are flushed, tabs are told when to come back");
    void hub.close().then(() => process.exit(0), onFatal);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

function welcome(url: string, dataDir: string): string {
  return `
  Manyhands is running at  ${url}

  Lend a hand   open ${url}/contribute and press the button
  Submit a job  open ${url}/submit, or:  npm run -s manyhands -- run examples/collatz/job.ts --range 1..100000
  Stop          Ctrl-C; jobs and results stay in ${dataDir}
`;
}

/** Opens the page where the system has a way to; where it has none, the printed link serves. */
function openInBrowser(url: string): void {
  const [command, args] = process.platform === "darwin" ? ["open", [url]] as const
    : process.platform === "win32" ? ["cmd", ["/c", "start", "", url]] as const
    : ["xdg-open", [url]] as const;
  spawn(command, args, { stdio: "ignore", detached: true })
    .on("error", () => console.log(`Open ${url} in a browser.`))
    .unref();
}

if (import.meta.main) await main(process.argv.slice(2));
