import { expect, test } from "vitest";
import { serve } from "../../sdk/http-server.test-data.ts";
import { pictureProblem } from "./picture-problem.ts";

test("pictureProblem: the hub's own words, or its status, or none where the picture is there", async () => {
  await using server = await serve((request, response) => {
    switch (request.url) {
      case "/there": return void response.writeHead(200, { "content-type": "image/png" }).end("picture");
      case "/refused": return void response.writeHead(400).end('{"type":"x","title":"t","status":400,"detail":"Cannot draw this chart: it has no mark"}');
      default: response.writeHead(502).end("<html>");
    }
  });
  expect(await pictureProblem(`${server.url}/there`)).toBeNull();
  expect(await pictureProblem(`${server.url}/refused`)).toBe("Cannot draw this chart: it has no mark");
  expect(await pictureProblem(`${server.url}/between`)).toMatch(/^Cannot load the picture: the hub answered 502/);
});

test("pictureProblem: a hub that is gone is said to be", async () => {
  const server = await serve(() => undefined);
  await server[Symbol.asyncDispose]();
  expect(await pictureProblem(server.url)).toContain("cannot be reached");
});
