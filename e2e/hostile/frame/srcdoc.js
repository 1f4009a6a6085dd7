// A document made inside is bound by the same policy.
export default async function hostile({ canary }) {
  const child = document.createElement("iframe");
  child.srcdoc = `<img src="http://${canary}/srcdoc/img"><script>parent.postMessage("ran", "*")</script><meta http-equiv="refresh" content="0;url=http://${canary}/srcdoc/refresh">`;
  const blob = document.createElement("iframe");
  blob.src = URL.createObjectURL(new Blob([`<img src="http://${canary}/srcdoc/blob">`], { type: "text/html" }));
  const got = [];
  addEventListener("message", ({ data }) => got.push(data));
  document.documentElement.append(child, blob);
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  return got;
}
