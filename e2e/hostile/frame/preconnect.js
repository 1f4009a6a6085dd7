// No link element warms up, fetches or announces anything.
export default function hostile({ canary }) {
  for (const rel of ["preconnect", "dns-prefetch", "prefetch", "prerender", "preload", "modulepreload", "stylesheet", "icon", "manifest", "apple-touch-icon", "compression-dictionary"]) {
    const link = document.createElement("link");
    link.rel = rel;
    if (rel === "preload") link.as = "image";
    link.href = `http://${canary}/link/${rel}`;
    document.head.append(link);
  }
}
