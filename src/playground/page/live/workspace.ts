/**
 * What the page knows: every person's snapshot, whose eyes are open, and whether the server answers. Snapshots of the others are
 * fetched in the background, so that the page can say who has something new and switch person without waiting.
 */
import { useSyncExternalStore } from "react";
import type { Act, ActAnswer, ActRequest, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import { listen, readState, sendAct } from "./api.ts";
import { landingPerson, remembered, rememberPerson } from "./persons.ts";

export interface Known {
  /** null until the first snapshot has come. */
  readonly me: Snapshot | null;
  readonly others: ReadonlyMap<string, Snapshot>;
  readonly online: boolean;
  /** People acted as, the latest first. */
  readonly recent: readonly string[];
}

export interface Workspace {
  subscribe(listener: () => void): () => void;
  known(): Known;
  /** Looks through this person's eyes from now on. */
  become(user: string): void;
  /** Acts as the current person; the snapshot is fresh when the promise resolves. Never throws. */
  perform(what: Act): Promise<ActAnswer>;
  start(): () => void;
}

/** Others are looked through again this long after a change, so that a burst of changes costs one round. */
const SWEEP_AFTER_MS = 350;
const SWEEP_AT_ONCE = 4;

export function openWorkspace(): Workspace {
  let known: Known = { me: null, others: new Map(), online: true, recent: remembered() };
  let current: string | null = null;
  let close: () => void = () => {};
  let filling: Promise<unknown> = Promise.resolve();
  let sweepTimer: number | undefined;
  let sweeping = false;
  const listeners = new Set<() => void>();

  const set = (change: Partial<Known>) => {
    known = { ...known, ...change };
    for (const listener of listeners) listener();
  };

  const keep = (user: string, snapshot: Snapshot) => {
    const shown = known.others.get(user);
    const others = shown && sameForReaders(shown, snapshot) ? known.others : new Map(known.others).set(user, snapshot);
    if (user !== current) {
      if (others !== known.others) set({ others });
      return;
    }
    set({ me: snapshot, others, online: true });
  };

  /** One fetch at a time for the current person; whoever asks meanwhile gets the one after it. */
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  const refresh = (): Promise<void> => {
    if (running) {
      queued ??= running.then(() => {
        queued = null;
        return refresh();
      });
      return queued;
    }
    const user = current;
    if (user === null) return Promise.resolve();
    running = readState(user)
      .then((snapshot) => {
        if (snapshot) keep(user, snapshot);
      })
      .catch(() => set({ online: false }))
      .finally(() => {
        running = null;
      });
    return running;
  };

  const sweep = async (): Promise<void> => {
    if (sweeping || !known.me) return;
    sweeping = true;
    const waiting = playable(known.me.people).filter((person) => person.id !== current);
    const walk = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const snapshot = await readState(next.id).catch(() => null);
        if (snapshot) keep(next.id, snapshot);
      }
    };
    await Promise.all(Array.from({ length: SWEEP_AT_ONCE }, walk));
    sweeping = false;
  };
  const sweepSoon = () => {
    window.clearTimeout(sweepTimer);
    sweepTimer = window.setTimeout(() => (sweeping ? sweepSoon() : void sweep()), SWEEP_AFTER_MS);
  };

  const follow = (user: string) => {
    close();
    close = listen(user, {
      up: () => {
        void refresh().then(sweepSoon);
      },
      down: () => set({ online: false }),
      changed: (version) => {
        if (version !== known.me?.version) void refresh();
        sweepSoon();
      },
    });
  };

  const become = (user: string) => {
    if (user === current) return;
    current = user;
    rememberPerson(user);
    set({ me: known.others.get(user) ?? known.me, recent: remembered() });
    void refresh();
    follow(user);
  };

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    known: () => known,
    become,
    perform: async (what) => {
      if (current === null) return { ok: false, error: "nobody", seen: "" };
      // What was typed arrives before what is done with it: a late "fill" would wipe the marks that a submission has set.
      const user = current;
      const told = filling.then(() => sendAct({ user, ...what } as ActRequest));
      if (what.type === "fill") filling = told;
      const answer = await told;
      if (!answer.ok && answer.error === "unreachable") set({ online: false });
      // Remembering and searching change nothing that is shown.
      else if (what.type !== "fill" && what.type !== "suggest") await refresh();
      return answer;
    },
    start: () => {
      let stopped = false;
      const begin = async (): Promise<void> => {
        const first = await landingPerson().catch(() => null);
        if (stopped) return;
        if (first) return become(first);
        set({ online: false });
        window.setTimeout(() => void begin(), 1_000);
      };
      void begin();
      return () => {
        stopped = true;
        close();
        window.clearTimeout(sweepTimer);
      };
    },
  };
}

/** People one can act as. */
export const playable = (people: readonly PersonOnPage[]): readonly PersonOnPage[] =>
  people.filter((person) => !person.is_bot && !person.deleted);

/** Versions count the whole workspace; a person's view of it changes seldom. */
const sameForReaders = (one: Snapshot, other: Snapshot) =>
  JSON.stringify({ ...one, version: 0 }) === JSON.stringify({ ...other, version: 0 });

export const useKnown = (workspace: Workspace): Known => useSyncExternalStore(workspace.subscribe, workspace.known);

/** How many messages wait unread for the person whose snapshot this is, and since when (`ts` of the newest of them, or empty). */
export function unreadOf(snapshot: Snapshot): { readonly count: number; readonly newest: string } {
  const withNews = snapshot.conversations.filter((conversation) => conversation.unread > 0);
  return {
    count: withNews.reduce((sum, conversation) => sum + conversation.unread, 0),
    newest:
      withNews
        .map((conversation) => conversation.messages.at(-1)?.ts ?? "")
        .sort()
        .at(-1) ?? "",
  };
}
