import { changelogSections, type EntryItem } from '../../../domain/changelog/changelog.ts';
import type { HandWrittenPart } from '../../../domain/changelog/unreleased.ts';

export interface BodyParts {
  readonly handWritten: readonly HandWrittenPart[];
  readonly items: readonly EntryItem[];
  /** Text for a version that has nothing else to say. */
  readonly otherwise: string;
  readonly sectionLevel: number;
  readonly bullet: string;
}

/**
 * Composes the text below a version's heading: what people wrote, byte for byte and in their order, followed by what
 * only the commits say. Sections with a breaking change come first, and the breaking change comes first in them.
 */
export function composeBody(parts: BodyParts): string {
  const { handWritten, bullet, sectionLevel } = parts;
  const hand = handWritten.map((part) => part.text).join('\n');
  const handWords = plainWords(hand);
  const items = parts.items.filter((item) => !isTold(item.text, hand, handWords));
  const listItems = (section: string): readonly string[] =>
    items
      .filter((item) => item.section === section)
      .toSorted((a, b) => Number(b.isBreaking) - Number(a.isBreaking))
      .map((item) => `${bullet} ${item.isBreaking ? '**Breaking:** ' : ''}${item.text}`);
  const sectionOf = (part: HandWrittenPart): string | undefined =>
    changelogSections.find((known) => known.toLowerCase() === plainWords(part.section));
  const placed = new Set(handWritten.map(sectionOf));
  const hasItems = new Set<string>();
  const lines = handWritten.flatMap((part) => {
    const section = sectionOf(part) ?? '';
    const made = hasItems.has(section) ? [] : listItems(section);
    hasItems.add(section);
    const between = made.length > 0 && !part.endsWithItem ? [''] : [];
    return [...part.text.split('\n'), ...between, ...made, ...part.gap];
  });
  const own = lines.slice(0, lines.findLastIndex((line) => line.trim() !== '') + 1).join('\n');
  const blocks = orderSections(items)
    .filter((section) => !placed.has(section))
    .map((section) => `${'#'.repeat(sectionLevel)} ${section}\n\n${listItems(section).join('\n')}`);
  const body = [...(own === '' ? [] : [own]), ...blocks].join('\n\n');
  return body === '' ? `${bullet} ${parts.otherwise}` : body;
}

function orderSections(items: readonly EntryItem[]): readonly string[] {
  const used = new Set(items.map((item) => item.section));
  const breaking = new Set(items.filter((item) => item.isBreaking).map((item) => item.section));
  const standard = changelogSections.filter((section) => used.has(section));
  return [
    ...standard.filter((section) => breaking.has(section)),
    ...standard.filter((section) => !breaking.has(section)),
  ];
}

const shortestCompared = 8;

/** Whether somebody wrote it already: in the same words, or with the same pull request. */
function isTold(text: string, hand: string, handWords: string): boolean {
  if (hand === '') return false;
  const number = /\[#(\d+)\]/.exec(text)?.[1];
  if (number !== undefined && new RegExp(`#${number}\\b|/pull/${number}\\b`).test(hand)) return true;
  const words = plainWords(text.replace(/ \(\[.*$/, ''));
  return words.length >= shortestCompared && handWords.includes(words);
}

function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
