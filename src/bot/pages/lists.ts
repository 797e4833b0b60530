import type { AttachedFile, EmbedField } from '../../ports/chat.ts';
import { field, nameMax } from '../messages/look.ts';
import { inert, limits, takeLines } from '../text/text.ts';

/** Characters reserved for the line that says how many more there are. */
const moreMax = 40;

export interface ShownList {
  readonly field: EmbedField;
  /** Number of lines that are not shown, and belong in a file. */
  readonly left: number;
}

/** Builds a field of at most `max` lines and as many as fit; says how many are left. */
export function listField(name: string, lines: readonly string[], max: number): ShownList {
  const shown = takeLines(lines.slice(0, max), limits.fieldValue - moreMax);
  const left = shown.left + Math.max(0, lines.length - max);
  const more = left === 0 ? '' : `\n+ ${left} more, attached`;
  return { field: field(name, `${shown.text}${more}`.trim()), left };
}

/** Discord accepts files of 10 MiB; the difference leaves room for the last line. */
const fileBytesMax = 9 * 1024 * 1024;

/** Builds a text file named after what was asked for. */
export function attachText(about: string, lines: readonly string[]): AttachedFile {
  const text = `${lines.join('\n').toWellFormed()}\n`;
  return { name: `${fileName(about)}.txt`, text: fitBytes(text) };
}

function fitBytes(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= fileBytesMax) return text;
  return `${bytes.subarray(0, bytes.lastIndexOf('\n', fileBytesMax)).toString()}\n\n… more than a file can hold\n`;
}

/** Returns a package name for lists, cut when it is very long. */
export function shownName(name: string): string {
  return inert(name, nameMax);
}

/** Reduces a text to a file name of letters, digits, dots, dashes and underscores; never a path. */
export function fileName(about: string): string {
  const plain = about.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/\.{2,}/g, '.');
  return plain.slice(0, 100).replaceAll(/^[.-]+|[.-]+$/g, '') || 'list';
}
