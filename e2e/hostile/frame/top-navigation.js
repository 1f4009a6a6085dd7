// The volunteer's page cannot be taken somewhere else.
export default function hostile({ canary }) {
  top.location.href = `http://${canary}/top-navigation`;
}
