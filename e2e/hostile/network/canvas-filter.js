// A canvas filter, pattern or bitmap that names a URL fetches nothing.
// ends: answered
import { reached } from "../reached.js";

export default async function hostile({ canary }) {
  const draw = async () => {
    const context = new OffscreenCanvas(8, 8).getContext("2d");
    context.filter = `url(http://${canary}/filter.svg#a)`;
    context.fillRect(0, 0, 8, 8);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    if (context.filter.includes(canary)) throw new Error("named, and judged by the canary");
  };
  return reached({ draw, bitmap: () => createImageBitmap(`http://${canary}/bitmap.png`), decoder: () => new ImageDecoder({ type: "image/png", data: fetch(`http://${canary}/decoder.png`).then(({ body }) => body) }).decode() });
}
