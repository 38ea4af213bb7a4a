/** The same operations, each of them counted: by its verb and the name of what came of it. */
import type { Result } from "../domain/refusals.ts";
import type { Log, Meters } from "../ports.ts";
import type { Answer, Operations } from "./operations.ts";

/** At the level `debug` each is a line in the log too: verb, result and seconds, and nothing of what was said. */
export function measured(operations: Operations, meters: Meters, log: Log): Operations {
  async function run<T>(verb: string, work: Promise<T>, nameOf: (value: T) => string): Promise<T> {
    const began = performance.now();
    const end = (result: string) => {
      const seconds = (performance.now() - began) / 1000;
      meters.operated(verb, result, seconds);
      log.debug({ verb, result, seconds }, "an operation ended");
    };
    try {
      const value = await work;
      end(nameOf(value));
      return value;
    } catch (error) {
      end("fault");
      throw error;
    }
  }
  const search = (verb: string, work: ReturnType<Operations["searchPeople"]>) =>
    run(verb, work, (found) => (found.length > 0 ? "found" : "nothing"));
  return {
    ...operations,
    identify: (login, look) => run("identify", operations.identify(login, look), (who) => (who.ok ? "person" : who.stranger)),
    act: (it) => run(it.command.verb, operations.act(it), answered),
    actOnLine: (it) => run(it.command.verb, operations.actOnLine(it), answered),
    ask: (it) => run("ask", operations.ask(it), answered),
    mayAsk: (it) => run("may ask", operations.mayAsk(it), allowed),
    mayAct: (it) => run(`may ${it.verb}`, operations.mayAct(it), allowed),
    mayActOnLine: (it) => run(`may ${it.verb}`, operations.mayActOnLine(it), allowed),
    status: (person, number, delivery) => run("status", operations.status(person, number, delivery), allowed),
    home: (person, pages) => run("home", operations.home(person, pages), () => "shown"),
    askView: (person, form) => run("form", operations.askView(person, form), () => "shown"),
    searchApplications: (person, words, limit) => search("search applications", operations.searchApplications(person, words, limit)),
    searchEntitlements: (person, application, words, limit) =>
      search("search entitlements", operations.searchEntitlements(person, application, words, limit)),
    searchPeople: (person, words, limit) => search("search people", operations.searchPeople(person, words, limit)),
  };
}

function answered(result: Result<Answer>): string {
  return result.ok ? result.value.said : result.refusal.name;
}

function allowed(result: Result<unknown>): string {
  return result.ok ? "allowed" : result.refusal.name;
}
