import react from "@vitejs/plugin-react";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { buildSandbox } from "./scripts/build-sandbox.ts";

const ROOT = import.meta.dirname;
const OUT = join(ROOT, "dist", "client");
const PAGES = ["client/index.html", "worker/headless/index.html"].map((page) => join(ROOT, page)).filter((page) => existsSync(page));

/** The pages come out where the hub looks for them, whatever folder they were written in; the sandbox is built beside. */
function placePages(): Plugin {
  return {
    name: "manyhands-pages",
    apply: "build",
    async closeBundle() {
      await buildSandbox();
      const nested = join(OUT, "worker");
      if (existsSync(join(nested, "headless", "index.html"))) await rename(join(nested, "headless", "index.html"), join(OUT, "headless.html"));
      if (existsSync(join(OUT, "client", "index.html"))) await rename(join(OUT, "client", "index.html"), join(OUT, "index.html"));
      await rm(nested, { recursive: true, force: true });
      await rm(join(OUT, "client"), { recursive: true, force: true });
    },
  };
}

export default defineConfig({
  root: ROOT,
  publicDir: join(ROOT, "client", "public"),
  plugins: [react(), placePages()],
  worker: { format: "es" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2023",
    rolldownOptions: { input: PAGES },
  },
});
