/** The pages of a long request form before it is sent: kept for whoever fills it in, and believed no more than if they had just been typed. */
import { beginUnsent, continueUnsent, type UnsentRow } from "../db/unsent.ts";
import type { FilledIn, UnsentPage } from "./operations.ts";
import type { World } from "./world.ts";

export async function beginUnsentPage({ db }: World, page: UnsentPage): Promise<FilledIn> {
  return (await beginUnsent(db, rowOf(page))) as FilledIn;
}

export async function continueUnsentPage({ db }: World, page: UnsentPage): Promise<FilledIn | null> {
  return (await continueUnsent(db, rowOf(page))) as FilledIn | null;
}

function rowOf({ login, person, view, application, answers }: UnsentPage): UnsentRow {
  return { platform: login.platform, home: login.home, view, person, application, answers };
}
