// XMLHttpRequest reaches nobody, neither at once nor later.
// ends: answered
import { byEvents, reached } from "../reached.js";

export default function hostile({ canary }) {
  const request = (path, later) => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", `http://${canary}/xhr/${path}`, later);
    const told = later ? byEvents(xhr, "load", "error") : undefined;
    xhr.send();
    return told;
  };
  return reached({ later: () => request("later", true), atOnce: () => request("at-once", false) });
}
