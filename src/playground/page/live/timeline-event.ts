/** One event as Latchkey wrote it; `at` is ISO 8601. */
export interface TimelineEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string | null;
  readonly text: string;
  readonly lineNumber: number | null;
  readonly move: { readonly life: string; readonly from: string | null; readonly to: string } | null;
  /** The same for all events that one commit wrote about one line. */
  readonly act: string;
  /** It only follows from another event, and is never shown alone. */
  readonly follows: boolean;
}

/** A task that is open now, and whom it waits for. */
export interface OpenTask {
  readonly task: string;
  /** Of the request line it belongs to. */
  readonly number: number;
  readonly kind: string;
  /** What is asked for, and for whom. */
  readonly title: string;
  /** What has to happen, in a few words. */
  readonly needs: string;
  /** Who asked, by id in the workspace. */
  readonly requester: string;
  readonly holders: readonly Holder[];
}

export interface Holder {
  /** Id in the workspace. */
  readonly user: string;
  readonly name: string;
  /** Why it is theirs, in a few words. */
  readonly why: string;
  /** null: it hasn't been posted yet. */
  readonly card: { readonly conversation: string; readonly message: string } | null;
}
