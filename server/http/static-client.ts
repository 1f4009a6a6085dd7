import { stat } from "node:fs/promises";
import { join, normalize, relative, sep } from "node:path";
import express, { type Request, type RequestHandler, type Response } from "express";
import { HttpError } from "./http-error.ts";

/** Where the web app's own router has a page (DESIGN.md 5.4). */
const PAGES = /^\/(?:contribute|submit|jobs|jobs\/[\w-]+|gallery|results\/[\w-]+|grid|settings|sign-in|sign-up|invitation|people)?\/?$/;
/** The build writes a hash into these names: what they name never changes. */
const HASHED_FOLDER = `assets${sep}`;
const ENCODINGS = [{ name: "br", suffix: ".br" }, { name: "gzip", suffix: ".gz" }] as const;
const SECONDS_A_YEAR = 31_536_000;

/** The built web app: its files, and its page for every path that its router knows. */
export function staticClient(folder: string): readonly RequestHandler[] {
  const files = express.static(folder, {
    index: false, redirect: false,
    setHeaders(response: Response, path: string) {
      const hashed = relative(folder, path).startsWith(HASHED_FOLDER);
      response.set("Cache-Control", hashed ? `public, max-age=${SECONDS_A_YEAR}, immutable` : "no-cache");
    },
  });
  return [onlyReading(precompressed(folder)), onlyReading(files), onlyReading(page(folder))];
}

function onlyReading(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (request.method === "GET" || request.method === "HEAD" ? handler(request, response, next) : next());
}

/** Points the request at the compressed copy of a file where the build has written one and the browser takes it. */
function precompressed(folder: string): RequestHandler {
  return async (request, response, next) => {
    const path = filePath(request);
    if (path === undefined || !/\.\w+$/.test(path)) return next();
    for (const { name, suffix } of ENCODINGS) {
      if (request.acceptsEncodings(name) === false || !(await isFile(join(folder, path + suffix)))) continue;
      const extension = /\.\w+$/.exec(path)?.[0] ?? "";
      response.set({ "Content-Encoding": name, "Vary": "Accept-Encoding" }).type(extension);
      request.url = path + suffix;
      break;
    }
    next();
  };
}

function filePath(request: Request): string | undefined {
  try {
    const path = normalize(decodeURIComponent(request.path));
    return path.startsWith("/") && !path.includes("..") ? path : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function page(folder: string): RequestHandler {
  const index = join(folder, "index.html");
  return async (request, response, next) => {
    const known = PAGES.test(request.path);
    if (!known && request.accepts(["application/json", "text/html"]) !== "text/html") return next();
    if (!(await isFile(index))) {
      if (known) throw new HttpError(503, "Cannot show this page: the web app is not built. Run `npm run build`, then reload.");
      return next();
    }
    // The app's own page tells what was not found.
    response.status(known ? 200 : 404).set("Cache-Control", "no-store");
    response.sendFile(index, { cacheControl: false });
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return false;
    throw error;
  }
}
