import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

// Compiles what the published package runs to dist/package. It begins empty: what was deleted from the source must not be published.

const root = join(import.meta.dirname, "..");
rmSync(join(root, "dist", "package"), { recursive: true, force: true });
const { status } = spawnSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
if (status !== 0) console.error("Cannot build the package: tsc -p tsconfig.build.json failed");
process.exitCode = status ?? 1;
