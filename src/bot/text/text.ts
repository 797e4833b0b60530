/** Discord's documentation: embed limits; the 6,000 count over all embeds of a message. */
export const limits = {
  content: 2_000,
  title: 256,
  description: 4_096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  footer: 2_048,
  embedTotal: 6_000,
  buttonLabel: 80,
  placeholder: 150,
  /** Title and labels of a form. */
  formText: 45,
  formHint: 100,
} as const;

/** Controls, directions that reorder what is read, and characters that are not seen. */
export const invisible = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\u00AD\uFEFF\uFFF9-\uFFFB]/gu;
const lineBreaks = /[\r\n\t\u2028\u2029\u0085]+/g;
/** Everything Discord's markdown, mentions, timestamps, emoji and links are made of. */
const active = /[\\*_~`|>#[\]()<{}]/g;

/** Text from outside as one line that holds nothing invisible and nothing that reorders it; for attached files. */
export function plainLine(text: string): string {
  return text.toWellFormed().replaceAll(lineBreaks, ' ').replaceAll(invisible, '').trim();
}

/** Invitations that Discord shows as a card, also without `https://`. */
const invitation = /(discord(?:app)?\.(?:com|gg|gift|new))\//gi;

/**
 * Addresses that stay text: Discord makes a link of every `https://…` it finds. A zero-width space within keeps them
 * readable.
 */
export function breakAddresses(text: string): string {
  return text.replaceAll('://', ':\u200B//').replaceAll(invitation, '$1\u200B/');
}

/**
 * Text from a commit, a manifest, a registry or a model as one inert line of at most `max` characters: no markdown,
 * no link, no mention, nothing invisible but what breaks mentions and addresses.
 */
export function inert(text: string, max: number): string {
  return shorten(text, max).text;
}

/** Writes outside texts as `inert` does, and knows whether it had to cut one: then the whole belongs into a file. */
export interface Pen {
  write(text: string, max: number): string;
  hasCut(): boolean;
}

export function takePen(): Pen {
  let isCut = false;
  return {
    write: (text, max) => {
      const short = shorten(text, max);
      isCut ||= short.isCut;
      return short.text;
    },
    hasCut: () => isCut,
  };
}

function shorten(text: string, max: number): { readonly text: string; readonly isCut: boolean } {
  let result = '';
  for (const character of breakAddresses(plainLine(text))) {
    const safe = escapeCharacter(character);
    if (result.length + safe.length > max - 1) return { text: `${result}…`, isCut: true };
    result += safe;
  }
  return { text: result, isCut: false };
}

/** Text from outside as inline code of at most `max` characters, its ticks included. */
export function code(text: string, max: number): string {
  // A tick inside of it would end the code.
  const shown = cut(plainLine(text).replaceAll('`', 'ʼ').replaceAll('@', '@\u200B'), max - 2);
  return shown === '' ? '—' : `\`${shown}\``;
}

function escapeCharacter(character: string): string {
  // A zero-width space behind it: neither @everyone nor <@1> is one any more.
  if (character === '@') return '@\u200B';
  return character.replace(active, '\\$&');
}

/** At most `max` UTF-16 units, never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text
    .slice(0, Math.max(0, max - 1))
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}

/** As many whole lines as fit; how many did not. */
export function takeLines(
  lines: readonly string[],
  max: number,
): { readonly text: string; readonly left: number } {
  let text = '';
  for (const [index, line] of lines.entries()) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > max) return { text, left: lines.length - index };
    text = next;
  }
  return { text, left: 0 };
}

/** `3 minutes ago`, in the reader's own words and time. */
export function wordAgo(epochMs: number): string {
  return `<t:${Math.floor(epochMs / 1000)}:R>`;
}

/** `1.2 s`, `3 min 20 s`. */
export function wordDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1000);
  return minutes < 60 ? `${minutes} min ${seconds} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
