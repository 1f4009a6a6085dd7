import { expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { failureText } from "./failure-text.ts";

test("failureText: names the Executable in place of blob URLs and leaves out the slot's own frames", () => {
  const error = new Error("boom");
  error.stack = "Error: boom\n    at work (blob:http://s1.localhost/abc-1:3:9)\n    at #runOne (blob:http://s1.localhost/slot-2:1:77)\n    at blob:http://s1.localhost/abc-1:9:1";
  expect(failureText(error, "blob:http://s1.localhost/slot-2")).toEqual({ message: "boom", stack: "Error: boom\n    at work (executable.js:3:9)\n    at executable.js:9:1" });
});

test("failureText: tells the class of an error that is more than an Error", () => {
  expect(failureText(new RangeError("too far"), "").message).toBe("RangeError: too far");
});

test("failureText: keeps to the limits of the wire (R9)", () => {
  const error = new Error("m".repeat(100_000));
  error.stack = "s".repeat(100_000);
  expect(failureText(error, "")).toEqual({ message: "m".repeat(LIMITS.errorMessageChars), stack: "s".repeat(LIMITS.errorStackChars) });
});
