// A refresh that a meta element asks for goes nowhere.
export default function hostile({ canary }) {
  document.head.insertAdjacentHTML("beforeend", `<meta http-equiv="refresh" content="0;url=http://${canary}/meta-refresh">`);
}
