import type { TreeEntry } from '../../domain/package/tree.ts';

/** One entry of a raw tree object. */
export interface RawEntry {
  /** Its name in its folder, exactly as committed. */
  readonly name: string;
  readonly mode: TreeEntry['mode'] | 'folder';
  readonly oid: string;
}

const modes: readonly string[] = ['100644', '100755', '120000', '160000'];
const folderMode = '40000';
const oidBytes = 20;

/** The entries of a raw tree object in git's order: `<mode> <name>\0<20 bytes>` each. Throws when it is none. */
export function parseTree(bytes: Buffer): readonly RawEntry[] {
  const entries: RawEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + oidBytes;
    if (space < 0 || end < 0 || next > bytes.length) throw new Error('a tree cannot be read');
    const mode = bytes.toString('latin1', at, space);
    entries.push({
      name: bytes.toString('utf8', space + 1, end),
      mode: mode === folderMode ? 'folder' : readMode(mode),
      oid: bytes.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

/** Old tools wrote 100664; git reads every such mode as a plain file. */
function readMode(mode: string): TreeEntry['mode'] {
  return modes.includes(mode) ? (mode as TreeEntry['mode']) : '100644';
}
