/** Structured logs. What people wrote never goes in; what might hold a secret is redacted even so. */
import { type Logger, pino } from "pino";

const SECRETS = [
  "token",
  "password",
  "secret",
  "signingSecret",
  "botToken",
  "authorization",
  "url",
  "*.token",
  "*.password",
  "*.secret",
  "*.authorization",
  "headers",
];

export function createLog(level: string): Logger {
  return pino({ level, base: null, redact: { paths: SECRETS, censor: "(hidden)" } });
}
