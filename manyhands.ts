// The command `manyhands`. The hub is dispatched here, because cli/ may not import server/.
const [command, ...rest] = process.argv.slice(2);
if (command === "hub") {
  const { main } = await import("./server/main.ts");
  await main(rest);
} else {
  const { main } = await import("./cli/main.ts");
  await main(process.argv.slice(2));
}
