// No script runs but the fixed one: not inline, not by an attribute, not by a javascript: URL.
export default async function hostile() {
  globalThis.ran = [];
  const script = document.createElement("script");
  script.textContent = "ran.push('inline')";
  document.head.append(script);
  document.documentElement.insertAdjacentHTML("beforeend", `<img src="x:" onerror="ran.push('attribute')"><iframe src="javascript:parent.ran.push('url')"></iframe>`);
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  return globalThis.ran;
}
