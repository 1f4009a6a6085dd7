import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { Questions } from "./questions.ts";

function output() {
  const stream = new PassThrough();
  return { stream, text: () => String(stream.read() ?? "") };
}

test("Questions: lines of a pipe answer in order, also when they came at once and it has ended", async () => {
  const { stream, text } = output();
  const questions = new Questions(Readable.from(["ada\n my secret \n"]), stream);
  expect(await questions.ask("Name")).toBe("ada");
  expect(await questions.askSecret("Password")).toBe(" my secret ");
  await expect(questions.ask("More")).rejects.toThrow("Cannot go on: the question was not answered");
  expect(text()).toBe("Name: Password: \nMore: ");
  questions.close();
});

test("Questions.ask: an empty answer is the one that is offered", async () => {
  const { stream } = output();
  const questions = new Questions(Readable.from(["\n"]), stream);
  expect(await questions.ask("Name", "ada")).toBe("ada");
  questions.close();
});

test("Questions.askSecret: on a terminal the name is echoed, the secret is not", async () => {
  const { stream, text } = output();
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  const questions = new Questions(terminal, stream);
  const name = questions.ask("Name");
  terminal.write("ada\r");
  expect(await name).toBe("ada");
  const secret = questions.askSecret("Password");
  terminal.write("my secret\r");
  expect(await secret).toBe("my secret");
  const shown = text();
  expect(shown).toContain("Name: ");
  expect(shown).toContain("ada");
  expect(shown).toContain("Password: ");
  expect(shown).not.toContain("secret");
  questions.close();
});
