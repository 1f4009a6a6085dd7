// No EventSource is opened.
// ends: answered
import { byEvents, reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({ events: () => byEvents(new EventSource(`http://${canary}/event-source`), "open", "error") });
}
