/** The workspaces or tenants that are listed, for the question that stands before all others: is this envelope ours? */

/** Milliseconds that reading the list may take; it stands before everything that is done about an envelope, for which Slack waits three seconds. */
const WITHIN_MS = 300;
/** Milliseconds for which a list that was read counts as today's. */
const FRESH_MS = 1_000;

/**
 * Gives the ids as they were a second ago at most. While the database is away or slow, those that were listed last: whoever clicks then is told to try
 * again or that it takes longer, instead of hearing nothing. Whatever changes something reads the list itself (`identify`). Rejects only as long as
 * nothing was ever read. `now`: milliseconds, never going back.
 */
export function listedHomes(read: () => Promise<readonly string[]>, now = () => performance.now()): () => Promise<readonly string[]> {
  let last: { readonly homes: readonly string[]; readonly readAt: number } | null = null;
  const readAgain = async () => {
    const readAt = now();
    const homes = await read();
    last = { homes, readAt };
    return homes;
  };
  return async () => {
    const known = last;
    if (known === null) return readAgain();
    if (now() - known.readAt < FRESH_MS) return known.homes;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly string[]>((resolve) => {
      timer = setTimeout(resolve, WITHIN_MS, known.homes);
    });
    try {
      return await Promise.race([readAgain().catch(() => known.homes), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
