import { expect, test } from "vitest";
import { type Erasable, erasedAddress, eraseHindrance, withoutPerson, withoutWords } from "../../src/domain/erasing.ts";

const gone: Erasable = { person: { id: "E7", name: "Ana Ruiz", state: "left" }, isErased: false, open: [], accounts: [] };
const account = { application: "CRM", login: "ana@acme.example" };

test("who has left, has nothing open and no account any more may be erased", () => {
  expect(eraseHindrance(gone, false)).toBeNull();
  expect(eraseHindrance({ ...gone, accounts: [account] }, true)).toBeNull();
});

test.each<[string, Partial<Erasable>]>([
  ["erased-already", { isErased: true }],
  ["not-left", { person: { ...gone.person, state: "active" } }],
  ["not-left", { person: { ...gone.person, state: "leave" } }],
  ["open-requests", { open: [12], accounts: [account] }],
  ["has-accounts", { accounts: [account] }],
])("%s keeps from erasing", (why, more) => {
  expect(eraseHindrance({ ...gone, ...more }, false)).toBe(why);
  // What the operator says about accounts changes nothing else.
  if (why !== "has-accounts") expect(eraseHindrance({ ...gone, ...more }, true)).toBe(why);
});

test("the address of somebody erased tells who it was by the id alone", () => {
  expect(erasedAddress("E7")).toBe("erased:E7");
});

test("what people typed gives way to a word, at any depth; ids, votes, times and states stay", () => {
  const typed = { reason: "no", login: "ana", error: "down", justification: "I sell", current: "a", proposed: "b" };
  const word = { reason: "-", login: "-", error: "-", justification: "-", current: "-", proposed: "-" };
  expect(withoutWords({ ...typed, by: "E7", vote: "approved", at: "2026-01-01", n: 7, no: null, yes: true }, "-")).toEqual({
    ...word,
    by: "E7",
    vote: "approved",
    at: "2026-01-01",
    n: 7,
    no: null,
    yes: true,
  });
  expect(withoutWords({ tasks: [{ vote: { reason: "no" } }, { reason: null }, { reason: { reason: "x" } }] }, "-")).toEqual({
    tasks: [{ vote: { reason: "-" } }, { reason: null }, { reason: { reason: "-" } }],
  });
  for (const plain of ["reason", 7, null, true, undefined]) expect(withoutWords(plain, "-")).toBe(plain);
});

test("of an event that belongs to no line the person goes: the name for another word, address and logins for nothing", () => {
  const it = { gone: ["ana@acme.example", "U0ANA"], name: "Ana Ruiz", former: "somebody" };
  const data = { name: "Ana Ruiz", links: [{ user: "U0ANA", by: "E1" }, "ana@acme.example"], count: 2, none: null, text: "Ana Ruiz left" };
  expect(withoutPerson(data, it)).toEqual({
    name: "somebody",
    links: [{ user: null, by: "E1" }, null],
    count: 2,
    none: null,
    text: "Ana Ruiz left",
  });
  for (const plain of [7, null, true, undefined]) expect(withoutPerson(plain, it)).toBe(plain);
});
