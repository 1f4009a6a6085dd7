// Nor can it open a page or a call of the hub, where the volunteer may be signed in.
export default function hostile({ hub }) {
  location.replace(`http://${hub}/api/jobs?from-the-sandbox`);
}
