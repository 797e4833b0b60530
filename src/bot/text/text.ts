/** Discord's documented limits in characters; the 6,000 apply to all embeds of a message together. */
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

/** Control characters, text-direction overrides and other invisible characters. */
export const invisible = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\u00AD\uFEFF\uFFF9-\uFFFB]/gu;
const lineBreaks = /[\r\n\t\u2028\u2029\u0085]+/g;
/** The characters of Discord's markdown, mentions, timestamps, emoji and links. */
const active = /[\\*_~`|>#[\]()<{}]/g;

/** Turns outside text into one line without invisible or reordering characters; for attached files. */
export function plainLine(text: string): string {
  return text.toWellFormed().replaceAll(lineBreaks, ' ').replaceAll(invisible, '').trim();
}

/** Invitation links, which Discord shows as a card even without `https://`. */
const invitation = /(discord(?:app)?\.(?:com|gg|gift|new))\//gi;

/** Puts a zero-width space into addresses: they stay readable, but Discord does not turn them into links. */
export function breakAddresses(text: string): string {
  return text.replaceAll('://', ':\u200B//').replaceAll(invitation, '$1\u200B/');
}

/**
 * Turns text from a commit, a manifest, a registry or a model into one inert line of at most `max` characters: no
 * markdown, link or mention; the only invisible characters are those that break mentions and addresses.
 */
export function inert(text: string, max: number): string {
  return shorten(text, max).text;
}

/** Makes texts inert, and records whether one was cut: then the full text belongs in a file. */
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

/** Formats outside text as inline code of at most `max` characters, backticks included. */
export function code(text: string, max: number): string {
  // A backtick inside the text would end the code.
  const shown = cut(plainLine(text).replaceAll('`', 'ʼ').replaceAll('@', '@\u200B'), max - 2);
  return shown === '' ? '—' : `\`${shown}\``;
}

function escapeCharacter(character: string): string {
  // With a zero-width space after it, neither @everyone nor <@1> is a mention.
  if (character === '@') return '@\u200B';
  return character.replace(active, '\\$&');
}

/** Cuts to at most `max` UTF-16 units without splitting a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text
    .slice(0, Math.max(0, max - 1))
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}

/** Takes as many whole lines as fit; `left` counts the rest. */
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

/** Words a time as `3 minutes ago`, in the reader's language and time zone. */
export function wordAgo(epochMs: number): string {
  return `<t:${Math.floor(epochMs / 1000)}:R>`;
}

/** Words a duration, such as `1.2 s` or `3 min 20 s`. */
export function wordDuration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1000);
  return minutes < 60 ? `${minutes} min ${seconds} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
