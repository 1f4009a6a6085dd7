import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: ["node_modules", "dist"],
    // For what hangs, not for what is slow: a machine with more to do than processors takes its time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Two cores: browsers and hubs of several files at once would only starve each other.
    maxWorkers: 2,
    // One second, by itself.
    expect: { poll: { timeout: 60_000 } },
  },
});
