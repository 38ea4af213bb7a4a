/** IANA time zones, by the list that Node carries. */
import { nearest, quote } from "./suggest.ts";

/** 100,000 people live in few zones: each name is looked up once in the reading of a file. */
const read = new Map<string, string | undefined>();

/** What is wrong with a time zone's name; undefined when nothing is. */
export function zoneProblem(name: string): string | undefined {
  if (name.length > 60) return `unknown time zone ${quote(name)}: write an IANA name, such as Europe/Berlin`;
  if (!read.has(name)) read.set(name, problemOf(name));
  return read.get(name);
}

function problemOf(name: string): string | undefined {
  const otherwise = "write an IANA name, such as Europe/Berlin";
  const canonical = canonicalOf(name);
  if (canonical !== undefined && name.toLowerCase() === canonical.toLowerCase() && name !== canonical) {
    return `unknown time zone ${quote(name)}: did you mean ${quote(canonical)}?`;
  }
  if (canonical !== undefined && (name === "UTC" || /^[A-Z]\w+\//.test(name))) return undefined;
  const known = Intl.supportedValuesOf("timeZone");
  const near = nearest(name, known) ?? known.find((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase().replaceAll(" ", "_")}`));
  return `unknown time zone ${quote(name)}: ${near ? `did you mean ${quote(near)}?` : otherwise}`;
}

function canonicalOf(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
