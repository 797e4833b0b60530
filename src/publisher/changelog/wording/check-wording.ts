import {
  type ChangelogSection,
  changelogSections,
  type EntryItem,
} from '../../../domain/changelog/changelog.ts';
import type { WordedItem } from '../../../ports/wording.ts';
import type { Change } from '../history/fold-commits.ts';
import { type Origin, writeItems, writeReferences } from '../write-back/write-items.ts';
import { plainLine } from './plain-line.ts';

export interface CheckedWording {
  readonly items: readonly EntryItem[];
  /** False when none of the model's words could be used. */
  readonly isUsed: boolean;
}

const textMax = 240;
const textMin = 4;

/**
 * Keeps those of a model's items that their own commits bear out, and adds every change that none of them covers. An
 * item must cite changes of this package, be in a known section, and name nothing that these changes do not name.
 */
export function checkWording(
  worded: readonly WordedItem[],
  changes: ReadonlyMap<number, Change>,
  origin: Origin,
): CheckedWording {
  const covered = new Set<number>();
  const items: EntryItem[] = [];
  for (const item of worded) {
    const cited = [...new Set(item.changes)];
    const sources = cited.map((number) => changes.get(number));
    const known = sources.filter((change) => change !== undefined);
    if (known.length === 0 || known.length < sources.length) continue;
    // The first item that cites a change is the one that counts.
    if (cited.every((number) => covered.has(number))) continue;
    const checked = checkItem(item, known, origin);
    if (checked === undefined) continue;
    items.push(checked);
    for (const number of cited) covered.add(number);
  }
  const left = [...changes].filter(([number]) => !covered.has(number)).map(([, change]) => change);
  return { items: [...items, ...writeItems(left, origin)], isUsed: items.length > 0 };
}

function checkItem(item: WordedItem, sources: readonly Change[], origin: Origin): EntryItem | undefined {
  const section = changelogSections.find((known) => known === item.section);
  const bare = stripMarkup(item.text);
  const text = plainLine(origin.redact(bare), textMax);
  if (section === undefined || text.length < textMin) return undefined;
  if (!isBorneOut(bare, sources)) return undefined;
  return {
    section: sectionFor(section, sources),
    isBreaking: sources.some((change) => change.isBreaking),
    text: `${text.replace(/(?<!\.)\.$/, '')}${writeReferences(sources, origin)}`,
    commits: sources.flatMap((change) => change.commits.map((commit) => commit.commit)),
  };
}

/**
 * Returns an item's section: a section that the author declared stands; a section that was guessed from words is left
 * to the model.
 */
function sectionFor(section: ChangelogSection, sources: readonly Change[]): ChangelogSection {
  const declared = new Set(sources.map((change) => change.section));
  const [only] = declared;
  const isTold = declared.size === 1 && only !== undefined && only !== 'Changed';
  return isTold ? only : section;
}

/** Removes markdown, since a model's markdown is not trusted: links keep their words, list marks and tags go. */
function stripMarkup(text: string): string {
  return text
    .replaceAll(/!?\[([^[\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, '$1')
    .replaceAll(/<[^<>]{0,200}>/g, '')
    .replaceAll(/\bhttps?:\/\/\S+/gi, '')
    .replace(/^\s*(?:[-*+>#]|\d+[.)])+\s+/, '')
    .replaceAll(/\*\*|__/g, '');
}

/**
 * Whether the cited commits bear out the text: they contain its numbers, identifiers and quoted code, and one of its
 * words.
 */
function isBorneOut(text: string, sources: readonly Change[]): boolean {
  const said = sources
    .flatMap((change) => change.commits.map(({ subject, body }) => `${subject}\n${body}`))
    .join('\n')
    .toLowerCase();
  const facts = text.match(
    /`[^`]+`|\b[\p{L}\d_]*\d[\p{L}\d_.]*|\b\p{L}+(?:[._]\p{L}+)+|\b\p{L}*\p{Ll}\p{Lu}\p{L}*/gu,
  );
  const isNamed = (fact: string): boolean =>
    said.includes(fact.replaceAll('`', '').replace(/\.$/, '').toLowerCase());
  if (!(facts ?? []).every(isNamed)) return false;
  const stems = (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, 5));
  return stems.some((stem) => said.includes(stem.slice(0, 4)));
}
