// No WebSocket is opened, by either interface.
// ends: answered
import { byEvents, reached } from "../reached.js";

export default function hostile({ canary }) {
  return reached({
    socket: () => byEvents(new WebSocket(`ws://${canary}/websocket`), "open", "error"),
    secure: () => byEvents(new WebSocket(`wss://${canary}/websocket`), "open", "error"),
    stream: () => new WebSocketStream(`ws://${canary}/stream`).opened,
  });
}
