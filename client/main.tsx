import "./theme/styles.ts";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import * as z from "zod/mini";
import { App } from "./App.tsx";
import { createQueryClient } from "./api/query-client.ts";
import { ComputeServerProvider } from "./contribute/ComputeServerProvider.tsx";
import { colorSchemeManager, cssVariables, theme } from "./theme/theme.ts";

// The page's Content-Security-Policy has no 'unsafe-eval'.
z.config({ jitless: true });

const root = document.getElementById("root");
if (root === null) throw new Error("Cannot show the page: index.html has no element #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <QueryClientProvider client={createQueryClient()}>
        <ComputeServerProvider>
          <App />
        </ComputeServerProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
