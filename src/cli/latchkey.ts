#!/usr/bin/env node
/** The command line: prints for people, `--json` for machines; exit code 0, 1 (refused or found wanting), 2 (usage). */
import { Command, CommanderError, Option } from "commander";
import type { ApplyCommand } from "./config-commands.ts";
import type { DoctorOptions } from "./doctor-command.ts";
import type { ManifestOptions } from "./manifest-command.ts";
import type { MarkOptions } from "./mark.ts";
import type { PeopleOptions } from "./people-commands.ts";
import type { EraseOptions } from "./people-erase.ts";
import { type Said, show } from "./said.ts";

const program = new Command("latchkey")
  .description("Access requests in chat: ask, decide, do the work by hand, prove it.")
  .showHelpAfterError()
  .exitOverride();

let outcome: Said | null = null;
// Each command is imported when it is given: most need little of what the others do.
const saying = async (said: Promise<Said>) => {
  outcome = await said;
};

const real = () => new Option("--real", "mark a new database as a real installation's, for good").conflicts("playground");
const playground = () => new Option("--playground", "mark a new database as the playground's, for good");

program
  .command("serve")
  .description("run Latchkey (the same as npm start)")
  .action(async () => {
    const { serve } = await import("../serve.ts");
    process.exitCode = await serve(process.env);
  });

program
  .command("migrate")
  .description("bring the database to this version's schema")
  .addOption(real())
  .addOption(playground())
  .option("--json", "print for machines")
  .action((options: MarkOptions) =>
    saying(import("./migrate-command.ts").then(({ migrateCommand }) => migrateCommand(process.env, options))),
  );

const config = program.command("config").description("the configuration folder: latchkey.yaml and people.csv");
config
  .command("check")
  .description("read the folder and name every mistake; changes nothing")
  .argument("[folder]", "default: LATCHKEY_CONFIG, else the example company")
  .option("--json", "print for machines")
  .action((folder: string | undefined) =>
    saying(import("./config-commands.ts").then(({ configCheck }) => configCheck(process.env, folder))),
  );
config
  .command("plan")
  .description("say what applying the folder would change, and which open requests it touches; changes nothing")
  .argument("[folder]", "default: LATCHKEY_CONFIG, else the example company")
  .option("--json", "print for machines")
  .action((folder: string | undefined) => saying(import("./plan-command.ts").then(({ configPlan }) => configPlan(process.env, folder))));
config
  .command("apply")
  .description("check the folder and put it in force, all of it or nothing")
  .argument("[folder]", "default: LATCHKEY_CONFIG, else the example company")
  .option("--many-may-leave", "apply even if more than 5 % of the active people would leave at once")
  .addOption(real())
  .addOption(playground())
  .option("--json", "print for machines")
  .action((folder: string | undefined, options: ApplyCommand) =>
    saying(import("./config-commands.ts").then(({ configApply }) => configApply(process.env, folder, options))),
  );

const people = program.command("people").description("which chat account is whose; erasing who has left");
people
  .command("link")
  .description("link a Slack login to a person")
  .argument("<person>", "HR id or e-mail address")
  .argument("<user>", "Slack member ID, such as U012AB3CD")
  .option("--home <team>", "Slack workspace id; default: the only one listed")
  .option("--json", "print for machines")
  .action((person: string, user: string, options: PeopleOptions) =>
    saying(import("./people-commands.ts").then(({ peopleLink }) => peopleLink(process.env, person, user, options))),
  );
people
  .command("unlink")
  .description("take a Slack login away from its person")
  .argument("<user>", "Slack member ID")
  .option("--home <team>", "Slack workspace id; default: the only one listed")
  .option("--json", "print for machines")
  .action((user: string, options: PeopleOptions) =>
    saying(import("./people-commands.ts").then(({ peopleUnlink }) => peopleUnlink(process.env, user, options))),
  );
people
  .command("links")
  .description("show who is linked, and which logins were taken away")
  .argument("[person]", "HR id or e-mail address; default: everybody")
  .option("--json", "print for machines")
  .action((person: string | undefined) =>
    saying(import("./people-commands.ts").then(({ peopleLinks }) => peopleLinks(process.env, person))),
  );
people
  .command("erase")
  .description("erase what is known of somebody who has left; decisions stay, with ids")
  .argument("<person>", "HR id or e-mail address")
  .requiredOption("--reason <words>", "why, for the record; without the person's name")
  .option("--access-removed", "every account of theirs was removed in its application")
  .option("--json", "print for machines")
  .action((person: string, options: EraseOptions) =>
    saying(import("./people-erase.ts").then(({ peopleErase }) => peopleErase(process.env, person, options))),
  );

const manifest = program.command("manifest").description("what a chat platform wants to know of this app");
manifest
  .command("slack")
  .description("print the Slack app manifest, ready to paste at api.slack.com/apps (Create New App, From a manifest)")
  .option("--url <address>", "where Slack reaches Latchkey, such as https://latchkey.example.com")
  .option("--socket", "for Socket Mode, which needs no address")
  .option("--name <name>", "what the app is called in Slack; default: Latchkey")
  .option("--json", "print for machines")
  .action((options: ManifestOptions, command: Command) => {
    if (options.url === undefined && !options.socket) command.error("error: give --url <address>, or --socket for Socket Mode");
    return saying(import("./manifest-command.ts").then(({ manifestSlack }) => manifestSlack(options)));
  });

program
  .command("doctor")
  .description("look at configuration, database, Slack, people, delivery and invariants, and say what to mend; changes nothing")
  .option("--directory", "ask Slack about every active person")
  .option("--json", "print for machines")
  .action((options: DoctorOptions) => saying(import("./doctor-command.ts").then(({ doctor }) => doctor(process.env, options))));

try {
  await program.parseAsync();
  const said = outcome as Said | null;
  if (said) process.exitCode = show(said, process.argv.includes("--json"));
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Asking for help is no mistake; everything else that commander throws is one of usage.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
