import { createHash } from 'node:crypto';

/** A library, as far as rules look at it; `isManaged`: it holds managed code. */
export interface Library {
  readonly isManaged: boolean;
  readonly sha256: string;
}

/** Portable executables with a CLI header are managed (ECMA-335, II.25: data directory 14). */
export function readLibrary(bytes: Buffer): Library {
  return { isManaged: hasCliHeader(bytes), sha256: createHash('sha256').update(bytes).digest('hex') };
}

function hasCliHeader(bytes: Buffer): boolean {
  if (bytes.length < 0x40 || bytes.toString('latin1', 0, 2) !== 'MZ') return false;
  const optional = bytes.readUInt32LE(0x3c) + 24;
  if (optional + 240 > bytes.length) return false;
  const directories = optional + (bytes.readUInt16LE(optional) === 0x20b ? 112 : 96);
  return bytes.readUInt32LE(directories + 14 * 8) !== 0;
}

/**
 * Whether a library is loaded on every platform and under no condition, as far as its .meta shows: `Any` is on and
 * excludes nothing. Unity treats a library without such settings in the same way.
 */
export function isForEverything(metaText: string): boolean {
  if (!/^PluginImporter:/m.test(metaText)) return true;
  if (
    /^ {2}defineConstraints:[^\S\n]*\n\s*- /m.test(metaText) ||
    /^\s+Exclude [^:\n]{1,40}: 1\s*$/m.test(metaText)
  )
    return false;
  const any =
    /^[^\S\n]+(?:- first:[^\S\n]*\n\s+)?'?Any'?:[^\n]*\n(?:\s+second:[^\S\n]*\n)?\s+enabled: (\d)/m.exec(
      metaText,
    )?.[1];
  return any === undefined ? !metaText.includes('platformData:') : any === '1';
}
