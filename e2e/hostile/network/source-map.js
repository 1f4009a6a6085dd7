// Nobody fetches the source map that a script names, not of the module, not of text, not for an error's stack.
// ends: answered
export default function hostile({ canary }) {
  try {
    (0, eval)(`throw new Error("x") //# sourceMappingURL=http://${canary}/source-map/eval.map\n//# sourceURL=http://${canary}/source-map/eval.js`);
  } catch (error) {
    void error.stack;
  }
  Function(`return 1\n//# sourceMappingURL=http://${canary}/source-map/function.map`)();
  setTimeout(`throw new Error("x")\n//# sourceURL=http://${canary}/source-map/thrown.js\n//# sourceMappingURL=http://${canary}/source-map/thrown.map`);
  return new Promise((resolve) => { setTimeout(() => resolve([]), 100); });
}
