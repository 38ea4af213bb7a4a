import { userInfo } from "node:os";

/** Who runs the command, as the operating system knows them: `cli:<user name>`; in a container without one, by number. */
export function operator(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid ${process.getuid?.() ?? "unknown"}`;
  }
}
