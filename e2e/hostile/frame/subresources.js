// No element and no style fetches anything.
export default function hostile({ canary }) {
  const at = (name) => `http://${canary}/element/${name}`;
  document.documentElement.insertAdjacentHTML("beforeend", `
    <img src="${at("img")}"><img srcset="${at("srcset")} 2x"><video src="${at("video")}" poster="${at("poster")}" autoplay></video><audio src="${at("audio")}" autoplay></audio>
    <object data="${at("object")}"></object><embed src="${at("embed")}"><iframe src="${at("iframe")}"></iframe><input type="image" src="${at("input")}">
    <svg><image href="${at("svg-image")}"/><use href="${at("svg-use")}#a"/></svg><div style="background:url(${at("style")})">x</div>
    <style>@import url(${at("import")}); @font-face { font-family: secret; src: url(${at("font")}) } * { font-family: secret; cursor: url(${at("cursor")}), auto }</style>`);
  const script = document.createElement("script");
  script.src = at("script");
  document.head.append(script);
  new Image().src = at("image-object");
}
