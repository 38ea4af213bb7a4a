/** One event as Latchkey wrote it; `at` is ISO 8601. */
export interface TimelineEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string | null;
  readonly text: string;
  readonly lineNumber: number | null;
  readonly move: { readonly life: string; readonly from: string | null; readonly to: string } | null;
}
