// importScripts fetches no script.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({ remote: () => importScripts(`http://${canary}/import-scripts.js`), data: () => importScripts("data:text/javascript,1") });
}
