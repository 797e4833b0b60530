import { changelogSections, type EntryItem } from '../../domain/changelog.ts';
import type { HandWrittenBlock } from './unreleased.ts';

export interface BodyParts {
  readonly handWritten: readonly HandWrittenBlock[];
  readonly items: readonly EntryItem[];
  /** Said when there is nothing else. */
  readonly otherwise: string;
  readonly sectionLevel: number;
  readonly bullet: string;
}

/**
 * The text below a version's heading: what people wrote word for word, then what the commits tell and nobody wrote yet.
 * Sections with a breaking change come first, and the breaking change first in them.
 */
export function composeBody(parts: BodyParts): string {
  const { handWritten, bullet } = parts;
  const hand = handWritten.map((block) => block.text).join('\n');
  const handWords = plainWords(hand);
  const items = parts.items.filter((item) => !isTold(item.text, hand, handWords));
  const bySection = Map.groupBy(handWritten, (block) => block.section);
  const blocks: string[] = [];
  const loose = (bySection.get('') ?? []).map((block) => block.text);
  if (loose.length > 0) blocks.push(loose.join('\n'));
  for (const section of orderSections(handWritten, items)) {
    const own = (bySection.get(section) ?? []).map((block) => block.text);
    const made = items
      .filter((item) => item.section === section)
      .toSorted((a, b) => Number(b.isBreaking) - Number(a.isBreaking))
      .map((item) => `${bullet} ${item.isBreaking ? '**Breaking:** ' : ''}${item.text}`);
    blocks.push(`${'#'.repeat(parts.sectionLevel)} ${section}\n\n${[...own, ...made].join('\n')}`);
  }
  return blocks.length > 0 ? blocks.join('\n\n') : `${bullet} ${parts.otherwise}`;
}

function orderSections(
  handWritten: readonly HandWrittenBlock[],
  items: readonly EntryItem[],
): readonly string[] {
  const used = new Set([...items.map((item) => item.section), ...handWritten.map((block) => block.section)]);
  used.delete('');
  const known: readonly string[] = changelogSections;
  const breaking = new Set<string>(items.filter((item) => item.isBreaking).map((item) => item.section));
  const standard = known.filter((section) => used.has(section));
  return [
    ...standard.filter((section) => breaking.has(section)),
    ...standard.filter((section) => !breaking.has(section)),
    ...[...used].filter((section) => !known.includes(section)),
  ];
}

const shortestCompared = 8;

/** Somebody wrote it already: the same words, or the same pull request. */
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
