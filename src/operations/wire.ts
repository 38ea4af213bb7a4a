/** Puts the verbs together as the one interface that channels, CLI and playground call. */
import { homeOpened } from "../db/accounts.ts";
import { firstToAnswer } from "../db/refused.ts";
import { readHome, readRequest, readTask } from "../db/views.ts";
import { act, actOnLine } from "./act.ts";
import { ask, mayAsk } from "./ask.ts";
import { channelChanged, loginChanged } from "./happenings.ts";
import { identify } from "./identify.ts";
import { mayAct, mayActOnLine } from "./may.ts";
import { named } from "./named.ts";
import { lineNumbered, status } from "./numbered.ts";
import type { Operations } from "./operations.ts";
import { askView, searchApplications, searchEntitlements, searchPeople } from "./reading.ts";
import { beginUnsentPage, continueUnsentPage } from "./unsent.ts";
import { isId, type World } from "./world.ts";

export function operations(world: World): Operations {
  return {
    identify: (login, look) => identify(world, login, look),
    homeOpened: (login) => homeOpened(world.db, login),
    channelChanged: (news) => channelChanged(world, news),
    loginChanged: (login, entry) => loginChanged(world, login, entry),
    act: (it) => act(world, it),
    mayAct: (it) => mayAct(world, it),
    actOnLine: (it) => actOnLine(world, it),
    mayActOnLine: (it) => mayActOnLine(world, it),
    ask: (it) => ask(world, it),
    mayAsk: (it) => mayAsk(world, it),
    firstToAnswer: (delivery) => firstToAnswer(world.db, delivery),
    beginUnsent: (page) => beginUnsentPage(world, page),
    continueUnsent: (page) => continueUnsentPage(world, page),
    task: async (id, viewer) => (isId(id) ? readTask(world.db, id, viewer) : null),
    lineNumbered: (number) => lineNumbered(world, number),
    status: (person, number, delivery) => status(world, person, number, delivery),
    named: (people) => named(world, people),
    request: async (id) => (isId(id) ? readRequest(world.db, id) : null),
    home: (person, pages) => readHome(world.db, person, pages),
    askView: (person, form) => askView(world, person, form),
    searchApplications: (person, words, limit) => searchApplications(world, person, words, limit),
    searchEntitlements: (person, application, words, limit) => searchEntitlements(world, person, application, words, limit),
    searchPeople: (person, words, limit) => searchPeople(world, person, words, limit),
  };
}
