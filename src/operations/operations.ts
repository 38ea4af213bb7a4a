/** Everything that a channel, the CLI or the playground may do, on one page: each verb has a file of its own beside this one. */

import type { Submission } from "../domain/asking.ts";
import type { Aim, LineCommand, LineVerb, TaskCommand, Verb } from "../domain/commands.ts";
import type { TaskKind } from "../domain/line.ts";
import type { TaskState } from "../domain/lives.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Result } from "../domain/refusals.ts";
import type { AskView, HomeView, RequestView, StatusView, TaskView } from "../domain/views.ts";

/** A login as the verified envelope names it. */
export interface Login {
  readonly platform: "slack";
  readonly home: string;
  readonly user: string;
}

/** The directory's word on a login; asked only for logins that aren't linked yet, and once for those that people.csv links. Same shape as the port's ChatUser. */
export interface DirectoryEntry {
  readonly email: string | null;
  readonly standing: "member" | "guest" | "external" | "bot" | "deactivated";
}

/** How a channel of the chat is now. */
export interface ChannelNews {
  readonly platform: "slack";
  /** The platform's id. */
  readonly conversation: string;
  /** Its names, without `#`; none where the platform doesn't say any more. */
  readonly names: readonly string[];
  /** Why no card can go there, in the platform's word; null: it can. */
  readonly why: string | null;
}

/** Why a login is nobody: each has its own sentence that says what to do. */
export type Stranger = "foreign-home" | "guest" | "not-linked" | "not-active" | "directory-silent";

/** `known`: the person whose login it is, who may not use Latchkey now. */
export type Identity =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly stranger: Exclude<Stranger, "not-active"> }
  | { readonly ok: false; readonly stranger: "not-active"; readonly known: PersonId };

/**
 * The key under which a command counts once. `key` is made of business facts (platform, home, message or view, action, actor, face version);
 * `fingerprint` is a digest of the content: the same key with another content is refused.
 */
export interface Once {
  readonly key: string;
  readonly fingerprint: string;
  /**
   * Names what was delivered, however often it is: a refusal is remembered under it, so that what comes again later is refused again, and nothing is
   * done then that the person was told is not. Pressed or sent anew it is another delivery. Left out: nothing is remembered.
   */
  readonly delivery?: string;
}

/** Where the card stood on which the person acted, kept in the event. */
export interface Seen {
  readonly platform: string;
  readonly conversation: string;
  readonly message: string;
}

/** What a person is told at once. `said` names a text; `about` fills it in. */
export interface Answer {
  readonly said:
    | "approved"
    | "vote-counted"
    | "rejected"
    | "claimed"
    | "released"
    | "confirmed"
    | "error-reported"
    | "retried"
    | "order-cancelled"
    | "reassigned"
    | "withdrawn"
    | "nudged"
    | "cancelled"
    | "filed";
  readonly about: Readonly<Record<string, string>>;
}

export interface Act {
  readonly actor: PersonId;
  readonly aim: Aim;
  readonly command: TaskCommand;
  readonly once: Once;
  readonly seen: Seen | null;
}

/** An act on a line as a whole. */
export interface ActOnLine {
  readonly actor: PersonId;
  readonly line: string;
  readonly command: LineCommand;
  readonly once: Once;
  readonly seen: Seen | null;
}

/** The same before its form is filled in. */
export interface IntentOnLine {
  readonly actor: PersonId;
  readonly line: string;
  readonly verb: LineVerb;
  readonly seen: Seen | null;
  readonly delivery?: string;
}

/** A line by its number, for typed commands: its tasks by age, the newest last. */
export interface Numbered {
  readonly line: string;
  readonly request: string;
  readonly tasks: readonly { readonly id: string; readonly kind: TaskKind; readonly state: TaskState }[];
}

/** An act that somebody is about to fill in a form for. */
export interface Intent {
  readonly actor: PersonId;
  readonly aim: Aim;
  readonly verb: Verb;
  readonly seen: Seen | null;
  readonly delivery?: string;
}

export interface Ask {
  readonly actor: PersonId;
  readonly beneficiary: PersonId;
  readonly application: string;
  readonly submission: Submission;
  readonly once: Once;
}

/** What was filled in, by field id: text, one choice, several, yes or no; null: left empty. */
export type FilledIn = Readonly<Record<string, string | readonly string[] | boolean | null>>;

/** A page of a request form that is longer than one window, before the whole of it is sent. It is kept for a day, for that person, window and application. */
export interface UnsentPage {
  readonly login: Login;
  readonly person: PersonId;
  /** The platform's id of the window. */
  readonly view: string;
  readonly application: string;
  readonly answers: FilledIn;
}

export interface Operations {
  /** Who is behind a login; links a full member at first contact where the configuration trusts e-mail. */
  identify(login: Login, look: () => Promise<DirectoryEntry | null>): Promise<Identity>;
  /** Remembers that somebody looks at the home page with this login, so that it is drawn anew whenever something changes for them. */
  homeOpened(login: Login): Promise<void>;
  /** A channel can or can't take cards now: what waits there goes to people directly, or back. */
  channelChanged(news: ChannelNews): Promise<void>;
  /** The directory's word on a login has changed: switched off, made a guest, back again. */
  loginChanged(login: Login, entry: DirectoryEntry): Promise<void>;
  /** One act on one task. Names in a refusal's or answer's `about` (`by`) are people's names, times (`at`) ISO instants. */
  act(act: Act): Promise<Result<Answer>>;
  /** Whether the act would be allowed now, before its form is filled in: the task to draw the form from, or the refusal that `act` would give. */
  mayAct(intent: Intent): Promise<Result<TaskView>>;
  /** Withdraw, nudge, cancel: one act on a line. The same shape of answers and refusals. */
  actOnLine(act: ActOnLine): Promise<Result<Answer>>;
  /** Whether that act would be allowed now: the request as it stands, or the refusal that `actOnLine` would give. */
  mayActOnLine(intent: IntentOnLine): Promise<Result<RequestView>>;
  ask(ask: Ask): Promise<Result<Answer>>;
  /** Whether that would be filed now, as far as it is filled in: null, or the refusal that `ask` would give. */
  mayAsk(ask: Omit<Ask, "once"> & Pick<Once, "delivery">): Promise<Result<null>>;
  /** True once for each delivery: whoever hears it gives the answer, where an answer stays. */
  firstToAnswer(delivery: string): Promise<boolean>;
  /** Keeps a page beside the others and begins with it where none is kept; all that is kept then. */
  beginUnsent(page: UnsentPage): Promise<FilledIn>;
  /** The same where others are kept already; null: none is (any more). */
  continueUnsent(page: UnsentPage): Promise<FilledIn | null>;

  /** The task as its card shows it; null: no such task. */
  task(id: string, viewer: PersonId | null): Promise<TaskView | null>;
  /** The line with that number; null: there is none. */
  lineNumbered(number: number): Promise<Numbered | null>;
  /** The request of the line with that number, for those whom it concerns: who asked or receives it, whom it asks or has asked, administrators. */
  status(person: PersonId, number: number, delivery?: Once["delivery"]): Promise<Result<StatusView>>;
  /** Whom a typed command names, each by a login that is linked, an e-mail address or an HR id, in that order; null: nobody. */
  named(people: readonly NamedAs[]): Promise<readonly (Person | null)[]>;
  request(id: string): Promise<RequestView | null>;
  home(
    person: PersonId,
    pages: { readonly tasks: number; readonly requests: number; readonly access: number; readonly late?: number },
  ): Promise<HomeView>;
  /** What the request form shows; `application` null: not chosen yet (then one is chosen when the words fit exactly one). */
  askView(person: PersonId, form: AskForm): Promise<AskView>;
  /** Applications that may be asked for, for that person, ranked; an empty search lists them by name, and near misses stand in when nothing fits. At most `limit`. */
  searchApplications(beneficiary: PersonId, words: string, limit: number): Promise<readonly Found[]>;
  /** Entitlements of an application that the person neither holds nor has asked for, ranked; at most `limit`. */
  searchEntitlements(beneficiary: PersonId, application: string, words: string, limit: number): Promise<readonly Found[]>;
  /** Active people by name, e-mail address and department, for whom one may ask; an empty search begins with oneself. At most `limit`. */
  searchPeople(person: PersonId, words: string, limit: number): Promise<readonly Found[]>;
}

/** How a person is named in a typed command. `words`: an e-mail address or an HR id. */
export type NamedAs = { readonly login: Login } | { readonly words: string };

/** One option of a type-ahead. */
export interface Found {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** What a request form holds so far. */
export interface AskForm {
  readonly words: string;
  readonly application: string | null;
  readonly entitlements: readonly string[];
  readonly asksDate: boolean;
  /** Left out or null: for oneself. */
  readonly beneficiary?: PersonId | null;
  /** The application whose questions stand in the form already: it stays, though it may not be open to somebody chosen since. */
  readonly shown?: string | null;
  /** Id of a line that is asked for again. */
  readonly line?: string | null;
}
