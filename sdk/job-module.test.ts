import { expect, test } from "vitest";
import { loadJobModule } from "./job-module.ts";

const TASK = "export default (n) => n;";

test("loadJobModule: inputs may be a list, a generator of the arguments, or missing", async () => {
  expect((await loadJobModule(`${TASK} export const inputs = [1, 2];`)).inputs(undefined)).toEqual([1, 2]);
  const generated = (await loadJobModule(`${TASK} export function* inputs({ n }) { for (let i = 0; i < n; i++) yield i; }`)).inputs({ n: 3 });
  const list: unknown[] = [];
  for await (const input of generated ?? []) list.push(input);
  expect(list).toEqual([0, 1, 2]);
  expect((await loadJobModule(TASK)).inputs(undefined)).toBeUndefined();
});

test("loadJobModule: the view may be declared, or made from the arguments", async () => {
  expect((await loadJobModule(`${TASK} export const view = { kind: "table" };`)).view(undefined)).toEqual({ kind: "table" });
  expect((await loadJobModule(`${TASK} export const view = ({ side }) => ({ kind: "image", width: side, height: side });`)).view({ side: 9 }))
    .toEqual({ kind: "image", width: 9, height: 9 });
});

test("loadJobModule: what does not fit is told by its name", async () => {
  await expect(loadJobModule("export default 7;")).rejects.toThrow("its export default does not fit");
  await expect(loadJobModule(`${TASK} export const inputs = 7;`)).rejects.toThrow("its export inputs does not fit");
  await expect(loadJobModule(`${TASK} export const view = { kind: "hologram" };`)).rejects.toThrow("its export view");
  const module = await loadJobModule(`${TASK} export const view = () => ({ kind: "image", width: 0, height: 1 }); export const inputs = () => 7;`);
  expect(() => module.view({})).toThrow("Cannot use the view of the job module: width");
  expect(() => module.inputs({})).toThrow("gave nothing iterable");
});

test("loadJobModule: a module that throws while it loads is told why", async () => {
  await expect(loadJobModule("throw new Error('no luck');")).rejects.toThrow("Cannot load the job module: no luck");
});
