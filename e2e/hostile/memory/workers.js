// Hundreds of workers end with the slot that started them.
// ends: dead
// time: 500
// firefox: holds up the page
// walls: policy
export default () => {
  const text = URL.createObjectURL(new Blob(["for (;;);"], { type: "text/javascript" }));
  globalThis.all = Array.from({ length: 100 }, () => new Worker(text));
  return new Promise(() => undefined);
};
