/** What can be wrong with the database itself, as opposed to a refusal of one command. */
export type DatabaseFaultName =
  | "unreachable"
  | "login-refused"
  | "no-such-database"
  | "too-many-connections"
  | "not-primary"
  | "connection-lost"
  | "driver-unpatched"
  | "too-old"
  | "wrong-mark"
  | "unmarked"
  | "newer-than-code"
  | "migration-changed"
  | "migrations-broken"
  | "migration-failed"
  | "no-such-role"
  | "platform-unsupported"
  | "folder-in-use"
  | "folder-unusable"
  | "disk-full"
  | "server-failed";

/** A fault with a name for code and one sentence for people: what is wrong and what to do. Never holds a password. */
export class DatabaseFault extends Error {
  readonly fault: DatabaseFaultName;

  constructor(fault: DatabaseFaultName, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = "DatabaseFault";
    this.fault = fault;
  }
}

/** The part of a pino logger that the database floor uses. */
export interface Log {
  info(o: object, msg: string): void;
  warn(o: object, msg: string): void;
  error(o: object, msg: string): void;
}

export const SILENT: Log = { info() {}, warn() {}, error() {} };

/** The code of a failure: SQLSTATE ("23505"), the driver's ("CONNECTION_CLOSED") or the system's ("ECONNREFUSED"); drizzle hides it in `cause`. */
export function codeOf(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string") return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return undefined;
}

/**
 * Whether it is the database itself that can't work just now, so that the same thing may go well in a moment: it can't be reached, is stopping,
 * starting or not the primary any more, or is out of disk, memory or connections. What came of a write isn't known then.
 */
export function isAway(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  // SQLSTATE classes 08 (connection) and 53 (insufficient resources); https://www.postgresql.org/docs/15/errcodes-appendix.html
  return /^(08|53)[0-9A-Z]{3}$/.test(code) || AWAY.has(code);
}

const AWAY: ReadonlySet<string> = new Set([
  // the server's: shut down by an administrator, crash of another backend, starting or stopping; read-only, as a former primary is; I/O error
  ...["57P01", "57P02", "57P03", "25006", "58030"],
  // the driver's
  ...["CONNECTION_CLOSED", "CONNECTION_ENDED", "CONNECTION_DESTROYED", "CONNECT_TIMEOUT"],
  // the system's
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
]);

/** Whether trying again in a moment is good advice: besides, the server took too long (57014) or chose us as a deadlock's victim (40P01). */
export function mayGoWellSoon(error: unknown): boolean {
  return isAway(error) || ["57014", "40P01"].includes(codeOf(error) ?? "");
}

/** Name and code of a fault, never its message: Postgres quotes what somebody typed. */
export function faultName(error: unknown): string {
  const name = error instanceof Error ? error.name : "unknown";
  const code = codeOf(error);
  return code === undefined ? name : `${name} ${code}`;
}

/** The constraint that Postgres names in a violation, if it names one. */
export function constraintOf(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ("constraint_name" in at && typeof at.constraint_name === "string") return at.constraint_name;
  }
  return undefined;
}
