/**
 * What the page knows: what the current person sees, who else has something new, and whether the server answers. Only the current person's
 * snapshot is fetched; news of the others come with each change.
 */
import { useSyncExternalStore } from "react";
import type { Act, ActAnswer, ActRequest, News, PersonOnPage, Snapshot } from "../../slack/page-interface.ts";
import { listen, readState, sendAct } from "./api.ts";
import { landingPerson, remembered, rememberPerson } from "./persons.ts";

export interface Known {
  /** null until the first snapshot has come. */
  readonly me: Snapshot | null;
  /** Whom one is about to look through, while that person's snapshot hasn't come yet. */
  readonly becoming: PersonOnPage | null;
  /** What waits unread for whom, the current person included. */
  readonly news: ReadonlyMap<string, News>;
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

export function openWorkspace(): Workspace {
  let known: Known = { me: null, becoming: null, news: new Map(), online: true, recent: remembered() };
  let current: string | null = null;
  let close: () => void = () => {};
  let filling: Promise<unknown> = Promise.resolve();
  /** As they were when they were looked through last, so that coming back to somebody shows them at once. */
  const seen = new Map<string, Snapshot>();
  const listeners = new Set<() => void>();

  const set = (change: Partial<Known>) => {
    known = { ...known, ...change };
    for (const listener of listeners) listener();
  };

  const keep = (user: string, snapshot: Snapshot) => {
    seen.set(user, snapshot);
    if (user === current) set({ me: snapshot, becoming: null, online: true });
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

  const follow = (user: string) => {
    close();
    close = listen(user, {
      up: () => void refresh(),
      down: () => set({ online: false }),
      changed: ({ version, news }) => {
        set({ news: new Map(news.map((each) => [each.user, each])) });
        if (version !== known.me?.version) void refresh();
      },
    });
  };

  const become = (user: string) => {
    if (user === current) return;
    current = user;
    rememberPerson(user);
    const before = seen.get(user);
    const becoming = before ? null : (known.me?.people.find((person) => person.id === user) ?? null);
    set({ me: before ?? known.me, becoming, recent: remembered() });
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
      };
    },
  };
}

/** People one can act as. */
export const playable = (people: readonly PersonOnPage[]): readonly PersonOnPage[] =>
  people.filter((person) => !person.is_bot && !person.deleted);

export const useKnown = (workspace: Workspace): Known => useSyncExternalStore(workspace.subscribe, workspace.known);
