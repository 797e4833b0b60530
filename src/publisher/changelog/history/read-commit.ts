import type { ChangelogSection, HistoryCommit } from '../../../domain/changelog/changelog.ts';
import { dropNumbers, readReverted } from './read-revert.ts';
import { dropMarks, isUntold } from './untold.ts';

/** What a commit says it does. */
export interface CommitMeaning {
  readonly commit: HistoryCommit;
  readonly section: ChangelogSection;
  readonly isBreaking: boolean;
  /**
   * The commit's first line without type, number and decoration; hostile text. Empty when there is nothing to say.
   */
  readonly description: string;
  /** Number of the pull request that the commit names itself. */
  readonly pullRequest: number | undefined;
}

const sectionOfType: Readonly<Record<string, ChangelogSection>> = {
  feat: 'Added',
  feature: 'Added',
  add: 'Added',
  added: 'Added',
  new: 'Added',
  fix: 'Fixed',
  fixed: 'Fixed',
  bugfix: 'Fixed',
  hotfix: 'Fixed',
  bug: 'Fixed',
  deprecate: 'Deprecated',
  deprecated: 'Deprecated',
  remove: 'Removed',
  removed: 'Removed',
  delete: 'Removed',
  security: 'Security',
  sec: 'Security',
  perf: 'Changed',
  refactor: 'Changed',
  change: 'Changed',
  changed: 'Changed',
  update: 'Changed',
  improve: 'Changed',
  docs: 'Changed',
  doc: 'Changed',
  style: 'Changed',
  test: 'Changed',
  tests: 'Changed',
  build: 'Changed',
  ci: 'Changed',
  chore: 'Changed',
  revert: 'Changed',
};

const sectionOfFirstWord: readonly (readonly [RegExp, ChangelogSection])[] = [
  [/^(?:security|cve-\d|vulnerab)/i, 'Security'],
  [
    /^(?:add(?:s|ed|ing)?|introduc(?:e|es|ed)|implement(?:s|ed)?|create[sd]?|new|support(?:s|ed)?)\b/i,
    'Added',
  ],
  [
    /^(?:fix(?:e[sd]|ing)?|resolve[sd]?|correct(?:s|ed)?|prevent(?:s|ed)?|repair(?:s|ed)?|hotfix|bugfix)\b/i,
    'Fixed',
  ],
  [/^(?:remove[sd]?|removing|delete[sd]?|drop(?:s|ped)?)\b/i, 'Removed'],
  [/^deprecat/i, 'Deprecated'],
];

/**
 * Reads what a commit says: by Conventional Commits where they are used, and by the first word otherwise. Never
 * throws. `names`: see isUntold.
 */
export function readCommit(commit: HistoryCommit, names: readonly string[] = []): CommitMeaning {
  const { subject, pullRequest } = readSubject(commit);
  const isBreaking = /^BREAKING[ -]CHANGE:/m.test(commit.body);
  const told = isUntold({ subject }, names) ? nothing : readWords(subject);
  return { commit, pullRequest, ...told, isBreaking: told.isBreaking || isBreaking };
}

type Words = Pick<CommitMeaning, 'section' | 'isBreaking' | 'description'>;

const nothing: Words = { section: 'Changed', isBreaking: false, description: '' };

function readWords(subject: string): Words {
  const reverted = readReverted(subject);
  if (reverted === undefined) return readPlain(subject);
  const { section, description } = readPlain(reverted.subject);
  if (description === '') return nothing;
  return reverted.kind === 'reapplied'
    ? { section, isBreaking: false, description: `Brought back: ${description}` }
    : {
        section: opposites[section] ?? 'Changed',
        isBreaking: false,
        description: `Reverted: ${description}`,
      };
}

/** Section of a revert, by the section of the reverted change. */
const opposites: Partial<Readonly<Record<ChangelogSection, ChangelogSection>>> = {
  Added: 'Removed',
  Removed: 'Added',
};

function readPlain(subject: string): Words {
  const typed = readType(subject);
  if (typed !== undefined) return typed;
  const description = trimDecoration(subject);
  return { section: sectionOf(description), isBreaking: false, description };
}

/** Reads a subject with a type, like `feat(doors)!: open them` or `[FIX] walls`. */
function readType(subject: string): Words | undefined {
  const written = /^\W{0,4}(\w+)(?:\(([^)]{0,60})\))?(!)?\s*(?:\]\s*:?|:)\s*(.+)$/u.exec(subject);
  const [, type = '', scope, mark, text = ''] = written ?? [];
  const section = sectionOfType[type.toLowerCase()];
  return section === undefined
    ? undefined
    : { section, isBreaking: mark === '!', description: describe(scope, text) };
}

/**
 * Returns the words of a commit and its pull request: `Fix it (#12)`. Git hosts put a pull request's title below, or
 * behind, words of their own.
 */
function readSubject({ subject, body }: HistoryCommit): {
  readonly subject: string;
  readonly pullRequest: number | undefined;
} {
  const merged = /^Merge pull request #(\d{1,9}) from \S/i.exec(subject);
  const title = /^Merged PR \d{1,9}: (.+)$/i.exec(subject)?.[1];
  const text = dropMarks(merged === null ? (title ?? subject) : (body.split('\n', 1)[0] ?? ''));
  const number = /\(#(\d{1,9})\)$/.exec(text)?.[1] ?? merged?.[1];
  return { subject: dropNumbers(text), pullRequest: number === undefined ? undefined : Number(number) };
}

function describe(scope: string | undefined, text: string): string {
  const clean = trimDecoration(text);
  return scope === undefined || scope.trim() === '' ? clean : `${scope.trim()}: ${clean}`;
}

/** Removes emoji names, emoji and list marks before the words, and a full stop behind them. */
function trimDecoration(text: string): string {
  const bare = text.replace(/^(?:\s|:[a-z0-9_+-]+:|\p{Extended_Pictographic}|\uFE0F|[-*#•]\s)+/gu, '');
  const clean = bare.trim().replace(/(?<!\.)\.$/, '');
  const isWord = /^\p{Ll}[\p{Ll}'-]*(?=\s|$)/u.test(clean);
  return isWord ? clean.charAt(0).toUpperCase() + clean.slice(1) : clean;
}

function sectionOf(description: string): ChangelogSection {
  return sectionOfFirstWord.find(([pattern]) => pattern.test(description))?.[1] ?? 'Changed';
}
