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
