/** Everything that a channel, the CLI or the playground may do, on one page: each verb has a file of its own beside this one. */

import type { Submission } from "../domain/asking.ts";
import type { Aim, TaskCommand, Verb } from "../domain/commands.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Result } from "../domain/refusals.ts";
import type { AskView, HomeView, RequestView, TaskView } from "../domain/views.ts";

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

/** An act that somebody is about to fill in a form for. */
export interface Intent {
  readonly actor: PersonId;
  readonly aim: Aim;
  readonly verb: Verb;
  readonly seen: Seen | null;
}

export interface Ask {
  readonly actor: PersonId;
  readonly beneficiary: PersonId;
  readonly application: string;
  readonly submission: Submission;
  readonly once: Once;
}

export interface Operations {
  /** Who is behind a login; links a full member at first contact where the configuration trusts e-mail. */
  identify(login: Login, look: () => Promise<DirectoryEntry | null>): Promise<Identity>;
  /** Remembers that somebody looks at the home page with this login, so that it is drawn anew whenever something changes for them. */
  homeOpened(login: Login): Promise<void>;
  /** One act on one task. Names in a refusal's or answer's `about` (`by`) are people's names, times (`at`) ISO instants. */
  act(act: Act): Promise<Result<Answer>>;
  /** Whether the act would be allowed now, before its form is filled in: the task to draw the form from, or the refusal that `act` would give. */
  mayAct(intent: Intent): Promise<Result<TaskView>>;
  ask(ask: Ask): Promise<Result<Answer>>;

  /** The task as its card shows it; null: no such task. */
  task(id: string, viewer: PersonId | null): Promise<TaskView | null>;
  /** The open task of the line with that number, for typed commands; null: no such line or nothing open. */
  openTaskOf(number: number): Promise<{ readonly id: string; readonly kind: string } | null>;
  request(id: string): Promise<RequestView | null>;
  home(person: PersonId, pages: { readonly tasks: number; readonly requests: number; readonly access: number }): Promise<HomeView>;
  /** What the request form shows; `application` null: not chosen yet (then one is chosen when the words fit exactly one). */
  askView(
    person: PersonId,
    form: {
      readonly words: string;
      readonly application: string | null;
      readonly entitlements: readonly string[];
      readonly asksDate: boolean;
    },
  ): Promise<AskView>;
  /** Applications the person may ask for, ranked; an empty search lists them by name. At most `limit`. */
  searchApplications(
    person: PersonId,
    words: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly name: string; readonly description: string }[]>;
  /** Entitlements of an application that the person neither holds nor has asked for, ranked; at most `limit`. */
  searchEntitlements(
    person: PersonId,
    application: string,
    words: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly name: string; readonly description: string }[]>;
}
