// Nothing of the volunteer's page can be read, and its own kind of messages moves it to nothing.
export default function hostile() {
  const got = [];
  for (const look of ["parent.document", "parent.location.href", "parent.localStorage", "top.document.cookie", "parent.manyhands", "parent.frames[1].document", "frameElement.src", "parent.eval('1')"]) {
    try { if (Function(`return ${look}`)() !== undefined) got.push(look); } catch { /* refused */ }
  }
  const { port1 } = new MessageChannel();
  parent.postMessage({ type: "APPLY", path: ["stop"], id: 1, argumentList: [] }, "*", [port1]);
  return got;
}
