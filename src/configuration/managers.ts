/** Who reports to whom: every manager is there, and nobody is their own boss by a detour. */
import type { Fault, Note } from "./fault.ts";
import type { Entry } from "./people.ts";
import { nearestPerson, quote, unknownBut } from "./suggest.ts";

/** Faults: a manager who isn't listed, a circle. Notes: oneself as manager, a manager who has left. */
export function managerFaults(file: string, entries: readonly Entry[]): { faults: Fault[]; notes: Note[] } {
  const faults: Fault[] = [];
  const notes: Note[] = [];
  const byId = new Map(entries.map((entry) => [entry.person.id, entry]));
  const ids = new Set(byId.keys());
  const byEmail = new Map(entries.map(({ person }) => [person.email, person.id]));
  for (const { row, person, columnOf } of entries) {
    const id = person.managerId;
    if (id === null) continue;
    const place = () => ({ file, ...row.at(columnOf("manager_id")) });
    const boss = byId.get(id);
    if (!boss) {
      const otherwise = "nobody has this id in people.csv; add the person, or leave the cell empty";
      const meant = byEmail.get(id.toLowerCase());
      const message = meant
        ? `${quote(id)} is an e-mail address: write the id ${quote(meant)}`
        : unknownBut("manager", id, nearestPerson(id, ids), otherwise);
      faults.push({ ...place(), message });
    } else if (boss.person.id === person.id) {
      notes.push({ ...place(), message: `${person.name} is their own manager and won't decide about themselves: leave the cell empty` });
    } else if (boss.person.state === "left" && person.state !== "left") {
      notes.push({ ...place(), message: `${boss.person.name}, the manager of ${person.name}, has left: name the new manager` });
    }
  }
  for (const circle of circlesOf(byId)) {
    const first = circle.reduce((a, b) => (a.row.at(0).line <= b.row.at(0).line ? a : b));
    const names = [...circle.slice(circle.indexOf(first)), ...circle.slice(0, circle.indexOf(first)), first].map((one) => one.person.name);
    const shown = names.length > 8 ? [...names.slice(0, 7), "...", names.at(-1)!] : names;
    const message = `managers run in a circle (${shown.join(" > ")}): correct one manager_id`;
    faults.push({ file, ...first.row.at(first.columnOf("manager_id")), message });
  }
  return { faults, notes };
}

/** Every circle once; each person is looked at once, so a long file is no trouble. */
function circlesOf(byId: ReadonlyMap<string, Entry>): Entry[][] {
  const done = new Set<string>();
  const circles: Entry[][] = [];
  for (const start of byId.values()) {
    if (done.has(start.person.id)) continue;
    const trail = new Map<string, number>();
    const path: Entry[] = [];
    let at: Entry | undefined = start;
    while (at && !done.has(at.person.id) && !trail.has(at.person.id)) {
      trail.set(at.person.id, path.length);
      path.push(at);
      at = at.person.managerId === null ? undefined : byId.get(at.person.managerId);
    }
    const from = at && trail.get(at.person.id);
    if (from !== undefined && path.length - from > 1) circles.push(path.slice(from));
    for (const entry of path) done.add(entry.person.id);
  }
  return circles;
}
