import { breakAddresses, invisible } from './text.ts';

/** The characters of Discord's mentions, masked links, quotes, spoilers and strikethrough. */
const active = /[\\~|>[\]()<{}]/g;
const inlineCode = /`([^`\n]{1,300})`/g;

/**
 * Makes outside markdown safe to show: headings, lists, bold text and inline code stay; mentions, links, spoilers,
 * fences and invisible characters do not.
 */
export function safeMarkdown(text: string): string {
  const lines = text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll('\t', '  ');
  const visible = lines
    .split('\n')
    .map((line) => line.replaceAll(invisible, '').trimEnd())
    .join('\n');
  return keepCode(visible)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Escapes everything except inline code within one line. */
function keepCode(text: string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(inlineCode)) {
    result += disarm(text.slice(from, match.index)) + breakMentions(match[0]);
    from = match.index + match[0].length;
  }
  return result + disarm(text.slice(from));
}

function disarm(text: string): string {
  return breakMentions(breakAddresses(text).replaceAll(active, '\\$&').replaceAll('`', '\\`'));
}

/** Puts a zero-width space after each `@`, so nobody is mentioned. */
function breakMentions(text: string): string {
  return text.replaceAll('@', '@\u200B');
}

/** Takes as many whole lines as fit into `max` characters; a first line that does not fit is left out. */
export function takeWholeLines(
  text: string,
  max: number,
): { readonly text: string; readonly isWhole: boolean } {
  if (text.length <= max) return { text, isWhole: true };
  const end = text.lastIndexOf('\n', max);
  return { text: end <= 0 ? '' : text.slice(0, end), isWhole: false };
}
