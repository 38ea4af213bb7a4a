/** `latchkey config check|apply`. */
import { v7 } from "uuid";
import { ConfigFault, readConfig } from "../config.ts";
import { type Fault, printFault } from "../configuration/fault.ts";
import type { ReadFolder } from "../configuration/folder.ts";
import { openFolder } from "../configuration/unread.ts";
import { type Applied, applyFolder } from "../db/apply.ts";
import { versionOf } from "../db/in-force.ts";
import { migrate } from "../db/migrate.ts";
import { type MarkOptions, markOf } from "./mark.ts";
import { operator } from "./operator.ts";
import { erasedLine } from "./people-erase.ts";
import { counted, failed, type Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

/** Reads the folder and says what is wrong with it, or what is in it. */
export async function configCheck(env: NodeJS.ProcessEnv, given: string | undefined): Promise<Said> {
  let folder = given;
  if (folder === undefined) {
    try {
      folder = readConfig(env).folder;
    } catch (error) {
      if (error instanceof ConfigFault) return failed(error.problems);
      throw error;
    }
  }
  const read = await (await openFolder(folder)).read();
  if (!read.ok) return faulty(folder, read.faults);
  const { applications, groups, policies } = read.catalogue;
  const entitlements = applications.reduce((sum, application) => sum + application.entitlements.length, 0);
  const counts = {
    people: read.people.length,
    applications: applications.length,
    entitlements,
    groups: groups.length,
    policies: policies.length,
  };
  return {
    ok: true,
    lines: [
      ...notesOf(read),
      `${folder}: no mistakes. ${[
        counted(counts.people, "person", "people"),
        counted(counts.applications, "application"),
        counted(entitlements, "entitlement"),
        counted(counts.groups, "group"),
        counted(counts.policies, "policy", "policies"),
      ].join(", ")}.`,
    ],
    json: { folder, ...counts, notes: read.notes },
  };
}

export interface ApplyCommand extends MarkOptions {
  readonly manyMayLeave?: boolean;
}

/** Puts the folder in force: all of it, or nothing when anything is wrong. */
export function configApply(env: NodeJS.ProcessEnv, given: string | undefined, options: ApplyCommand = {}): Promise<Said> {
  return withDatabase(env, async (database, config) => {
    const folder = given ?? config.folder;
    const unread = await openFolder(folder);
    const known = await versionOf(database.url, unread.bytesDigest);
    const read = known ?? (await unread.read());
    if (typeof read === "object" && !read.ok) return faulty(folder, read.faults);
    const { mark } = await migrate({ ownerUrl: database.ownerUrl, runtimeUrl: database.url, mark: markOf(config, options) });
    // Without the chat variables nothing else demands a folder, and the example company would take the place of the real one.
    if (mark === "real" && given === undefined && !env.LATCHKEY_CONFIG)
      return failed(["This database holds a real installation: name its folder, or set LATCHKEY_CONFIG. Nothing was changed."]);
    if (typeof read === "number") return unchanged(read);
    const applied = await applyFolder(database.url, read, {
      by: operator(),
      newId: v7,
      manyMayLeave: options.manyMayLeave === true,
    });
    switch (applied.type) {
      case "unchanged":
        return unchanged(applied.version);
      case "too-many-leavers":
        return failed(
          [
            `Nothing was changed: ${applied.leaving} of ${applied.active} active people would leave at once, which looks like a broken file. If it is right, add --many-may-leave.`,
          ],
          { ...applied },
        );
      case "applied": {
        const missing =
          applied.missing.length === 0
            ? []
            : [`Not in people.csv any more, and kept as they are: ${applied.missing.join(", ")}. Give them a line with the state "left".`];
        return {
          ok: true,
          lines: [
            ...notesOf(read),
            ...missing,
            ...(applied.erased.length === 0 ? [] : [`${erasedLine(applied.erased)}.`]),
            ...linkedOtherwise(applied),
            `Version ${applied.version} is in force; ${counted(applied.changed, "thing")} changed.`,
          ],
          json: { ...applied, notes: read.notes },
        };
      }
    }
  });
}

function unchanged(version: number): Said {
  return { ok: true, lines: [`Nothing has changed since version ${version}.`], json: { type: "unchanged", version } };
}

function linkedOtherwise(applied: Extract<Applied, { type: "applied" }>): readonly string[] {
  return applied.linkedOtherwise.map(
    ({ user, person, linkedTo }) =>
      `slack_user_id ${user} of ${person} was not linked: it is ${linkedTo}'s already, and a link never moves. Correct people.csv; if the link itself is wrong: latchkey people unlink ${user}, then latchkey people link ${person} ${user}`,
  );
}

export function notesOf(read: Extract<ReadFolder, { ok: true }>): readonly string[] {
  return read.notes.map((note) => `note: ${printFault(note)}`);
}

export function faulty(folder: string, faults: readonly Fault[]): Said {
  const count = faults.length === 1 ? "One mistake" : `${faults.length} mistakes`;
  return failed([...faults.map(printFault), `${count} in ${folder}; nothing was changed.`], { folder, faults });
}
