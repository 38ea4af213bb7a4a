/** Operations that only count: for tests that ask whether anything behind the gate ran at all. */
import type { Operations } from "../../src/operations/operations.ts";

export interface Counting {
  readonly operations: Operations;
  /** Names of the operations that were called, in order. */
  readonly called: string[];
}

/** Nobody is known here, so whatever gets through ends at `identify`; anything else being called would be counted too. */
export function counting(): Counting {
  const called: string[] = [];
  const count = <T>(name: string, value: T) => {
    return (): Promise<T> => {
      called.push(name);
      return Promise.resolve(value);
    };
  };
  const refused = { ok: false, refusal: { name: "no-such-task", about: {} } } as const;
  const page = { rows: [], total: 0, page: 0, size: 10 };
  return {
    called,
    operations: {
      identify: count("identify", { ok: false, stranger: "not-linked" } as const),
      homeOpened: count("homeOpened", undefined),
      channelChanged: count("channelChanged", undefined),
      loginChanged: count("loginChanged", undefined),
      act: count("act", refused),
      mayAct: count("mayAct", refused),
      actOnLine: count("actOnLine", refused),
      mayActOnLine: count("mayActOnLine", refused),
      status: count("status", refused),
      named: count("named", []),
      ask: count("ask", refused),
      mayAsk: count("mayAsk", refused),
      firstToAnswer: count("firstToAnswer", true),
      beginUnsent: count("beginUnsent", {}),
      continueUnsent: count("continueUnsent", null),
      task: count("task", null),
      lineNumbered: count("lineNumbered", null),
      request: count("request", null),
      home: count("home", {
        person: "p",
        directory: { people: {}, groups: {} },
        tasks: page,
        requests: page,
        access: page,
        now: new Date(0),
        late: null,
        last: null,
      }),
      askView: count("askView", {
        words: "",
        matches: [],
        near: [],
        barred: [],
        beneficiary: { id: "p", name: "P", email: "", title: "", department: "", self: true, active: true },
        chosen: null,
        asksDate: false,
        entitlements: [],
        again: null,
      }),
      searchApplications: count("searchApplications", []),
      searchEntitlements: count("searchEntitlements", []),
      searchPeople: count("searchPeople", []),
    },
  };
}
