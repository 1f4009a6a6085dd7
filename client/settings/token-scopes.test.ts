import { expect, test } from "vitest";
import { scopesFor, usualScopes } from "./token-scopes.ts";

test("scopesFor: nobody is offered more than the role may do", () => {
  expect(scopesFor("volunteer")).toEqual(["read", "compute"]);
  expect(scopesFor("submitter")).toEqual(["read", "submit", "compute"]);
  expect(scopesFor("operator")).toEqual(["read", "submit", "compute", "admin"]);
});

test("usualScopes: a token operates the hub only when that was ticked", () => {
  expect(usualScopes("operator")).toEqual(["read", "submit", "compute"]);
});
