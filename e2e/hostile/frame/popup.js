// No window opens, nor a download, nor a dialog.
export default function hostile({ canary }) {
  const opened = window.open(`http://${canary}/popup`);
  for (const extra of [{ target: "_blank" }, { download: "secret" }]) Object.assign(document.createElement("a"), { href: `http://${canary}/anchor`, ...extra }).click();
  alert("secret");
  return opened === null ? [] : ["a window"];
}
