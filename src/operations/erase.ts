/** Erasing a person who has left: an act of the database's owner, all of it or nothing, with its event. */
import { batch } from "../db/connect.ts";
import { type ErasedRows, eraseRows, type Found, lockErasable, namedElsewhere } from "../db/erase.ts";
import { codeOf } from "../db/fault.ts";
import { eraseHindrance } from "../domain/erasing.ts";

export interface EraseBy {
  /** As the role that owns the schema: the one that runs may not touch evidence. */
  readonly ownerUrl: string;
  /** HR id or e-mail address. */
  readonly person: string;
  readonly reason: string;
  /** Who asks for it, for the record. */
  readonly by: string;
  /** True: whoever asks says that every account of theirs was removed in its application. */
  readonly accessIsRemoved: boolean;
  readonly words: { readonly person: (id: string) => string; readonly text: string };
}

/** `named`: numbers of requests for others in whose words the name or address still stands. */
export type Erased = { readonly ok: true; readonly person: string; readonly named: readonly number[] } & ErasedRows;

export interface NotErased {
  readonly ok: false;
  readonly why: "no-such-person" | "reason-missing" | "not-the-owner" | "busy" | NonNullable<ReturnType<typeof eraseHindrance>>;
  readonly found: Found | null;
}

/** How often the locks are asked for: each time for well under a second, so that those who work meanwhile are hardly kept waiting. */
const ATTEMPTS = 20;
const PAUSE_MS = 250;

/** Erases whoever has left and has nothing open. Refused, nothing was changed. */
export async function erase(it: EraseBy): Promise<Erased | NotErased> {
  if (it.reason.trim() === "") return { ok: false, why: "reason-missing", found: null };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await eraseOnce(it);
    } catch (error) {
      const code = codeOf(error);
      if (code === "42501") return { ok: false, why: "not-the-owner", found: null };
      // lock_not_available, or a deadlock that fell on us.
      if (code !== "55P03" && code !== "40P01") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { ok: false, why: "busy", found: null };
}

function eraseOnce(it: EraseBy): Promise<Erased | NotErased> {
  return batch(it.ownerUrl, async ({ sql }) => {
    const found = await lockErasable(sql, it.person);
    if (!found) return { ok: false, why: "no-such-person", found };
    const why = eraseHindrance(found, it.accessIsRemoved);
    if (why !== null) return { ok: false, why, found };
    const named = await namedElsewhere(sql, found);
    const { by, words } = it;
    const rows = await eraseRows(sql, { found, former: words.person(found.person.id), word: words.text, by, reason: it.reason.trim() });
    return { ok: true, person: found.person.id, named, ...rows };
  });
}
