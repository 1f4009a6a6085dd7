// Nothing of the device answers: no position, clipboard, device port, screen, permission or notification.
// ends: answered
import { reached } from "../reached.js";

const some = (list) => { if (list.length === 0) throw new Error("nothing to see"); };

export default function hostile() {
  return reached({
    position: () => new Promise((resolve, reject) => { navigator.geolocation.getCurrentPosition(resolve, reject); }),
    readClipboard: () => navigator.clipboard.readText(),
    writeClipboard: () => navigator.clipboard.writeText("secret"),
    usb: async () => some(await navigator.usb.getDevices()),
    hid: async () => some(await navigator.hid.getDevices()),
    serial: async () => some(await navigator.serial.getPorts()),
    cameras: () => navigator.mediaDevices.getUserMedia({ video: true }),
    wakeLock: () => navigator.wakeLock.request("screen"),
    notify: () => { void new Notification("secret"); if (Notification.permission !== "granted") throw new Error("refused"); },
    persist: async () => { if (!(await navigator.storage.persist())) throw new Error("refused"); },
    push: () => navigator.serviceWorker.ready,
    share: () => navigator.share({ title: "secret" }),
    credentials: () => navigator.credentials.get({ password: true }),
  });
}
