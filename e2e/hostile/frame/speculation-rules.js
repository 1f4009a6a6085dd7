// Speculation rules load nothing ahead.
export default function hostile({ canary }) {
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({ prefetch: [{ urls: [`http://${canary}/speculation/prefetch`] }], prerender: [{ urls: [`http://${canary}/speculation/prerender`] }] });
  document.head.append(rules);
}
