import { open as openFile } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';

/** Counts rows past the store; `from` may contain a condition. */
export function countRows(file: string, from: string): unknown {
  const sqlite = new Sqlite(file, { readonly: true });
  const count = sqlite.prepare(`select count(*) from ${from}`).pluck().get();
  sqlite.close();
  return count;
}

/** Overwrites pages behind the first. */
export async function damage(file: string): Promise<void> {
  const handle = await openFile(file, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
  await handle.close();
}
