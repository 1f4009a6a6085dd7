// A font is fetched from nowhere.
// ends: answered
import { reached } from "../reached.js";

export default function hostile({ canary }) {
  const fontFrom = (url) => {
    const font = new FontFace("secret", `url(${url})`);
    self.fonts?.add(font);
    return font.load();
  };
  return reached({ remote: () => fontFrom(`http://${canary}/font.woff2`), data: () => fontFrom("data:font/woff2;base64,AAAA") });
}
