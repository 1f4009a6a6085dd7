import { createTheme, localStorageColorSchemeManager, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** What is done, and what can be done: the one colour that asks to be pressed. */
const pine: MantineColorsTuple = ["#e9f6f0", "#d0ebdf", "#a5d9c3", "#77c5a6", "#51b38c", "#359a73", "#24805d", "#1a6a4c", "#13533c", "#0c3c2b"];
/** What runs now. */
const amber: MantineColorsTuple = ["#fff5de", "#fee8b5", "#fcd886", "#f8c65a", "#f2b134", "#dd9614", "#b0740b", "#885807", "#664205", "#462d03"];
/** What failed, or ends something. */
const clay: MantineColorsTuple = ["#fdeeea", "#f9d6ce", "#f3b3a5", "#ee9583", "#e5765f", "#d65a41", "#bd452d", "#9d3722", "#7c2a1a", "#591d12"];
const gray: MantineColorsTuple = ["#f6f8f7", "#edf1ef", "#e0e6e3", "#cdd6d2", "#b0bcb7", "#86948f", "#5c6a65", "#47534f", "#303a36", "#1a2220"];
const dark: MantineColorsTuple = ["#dde6e2", "#bccac4", "#9aaaa4", "#6f7f79", "#36423d", "#2b3632", "#1e2724", "#141b19", "#0f1513", "#0a0f0d"];

const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';
const MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Roboto Mono", "Liberation Mono", monospace';

const OVERLAY_PROPS = { attributes: { header: { role: "presentation" } }, closeButtonProps: { "aria-label": "Close" } };

export const theme = createTheme({
  colors: { pine, amber, clay, gray, dark },
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  black: "#17201d",
  white: "#ffffff",
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  headings: { fontFamily: SANS, fontWeight: "650" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "14px", xl: "22px" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    // Links within text are told by more than their colour.
    Anchor: { defaultProps: { underline: "always" } },
    // Their <header> would be a second banner of the page.
    Drawer: { defaultProps: OVERLAY_PROPS },
    Modal: { defaultProps: OVERLAY_PROPS },
  },
});

/** Mantine's own dimmed and error colours are too faint to read on these grounds (WCAG AA, 4.5 : 1). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f7f9f8",
    "--mantine-color-dimmed": "#56635e",
    "--mantine-color-placeholder": "#66736e",
    "--mantine-color-error": "#a83a24",
    "--mantine-color-anchor": "#17634a",
  },
  dark: {
    "--mantine-color-body": "#121917",
    "--mantine-color-dimmed": "#9aaaa4",
    "--mantine-color-placeholder": "#8b9b95",
    "--mantine-color-error": "#f0917e",
    "--mantine-color-anchor": "#77c5a6",
  },
});

export const colorSchemeManager = localStorageColorSchemeManager({ key: "manyhands-color-scheme" });
