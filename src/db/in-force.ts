import { connect } from "./connect.ts";

/**
 * The version in force, if it was read from these very bytes (`bytesDigest` of Folder); null: from others, or nobody knows, as while the database doesn't
 * answer or is of another version of Latchkey. Then the folder has to be read.
 */
export async function versionOf(url: string, bytesDigest: string | null): Promise<number | null> {
  if (bytesDigest === null) return null;
  try {
    const connection = connect(url, { max: 1, connectTimeout: 2 });
    try {
      const [row] = await connection.sql`select version from configuration
        where bytes_digest = ${bytesDigest} and version = (select max(version) from configuration)`;
      return row ? Number(row.version) : null;
    } finally {
      await connection.close();
    }
  } catch {
    return null;
  }
}
