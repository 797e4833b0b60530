import type { ChangelogSection, HistoryCommit } from '../../domain/changelog.ts';

/** What a commit says it does. */
export interface CommitMeaning {
  readonly commit: HistoryCommit;
  readonly section: ChangelogSection;
  readonly isBreaking: boolean;
  /** Its first line without type, number and decoration; hostile text. */
  readonly description: string;
  /** The pull request that it names itself. */
  readonly pullRequest: number | undefined;
  /** Commits that it takes back: full or shortened ids. */
  readonly reverts: readonly string[];
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

/** Reads Conventional Commits where they are used, and the first word otherwise. Never throws. */
export function readCommit(commit: HistoryCommit): CommitMeaning {
  const { text: subject, pullRequest } = takePullRequest(commit.subject);
  const typed = readType(subject);
  const description = typed?.description ?? trimDecoration(subject);
  const reverted = [...commit.body.matchAll(/\bThis reverts commit ([0-9a-f]{7,40})\b/g)];
  return {
    commit,
    section: typed?.section ?? sectionOf(description),
    isBreaking: typed?.isBreaking === true || /^BREAKING[ -]CHANGE:/m.test(commit.body),
    description: description === '' ? 'Unnamed change' : description,
    pullRequest,
    reverts: reverted.map((found) => found[1] ?? ''),
  };
}

/** `feat(doors)!: open them`, and `[FIX] walls`. */
function readType(
  subject: string,
): Pick<CommitMeaning, 'section' | 'isBreaking' | 'description'> | undefined {
  const written = /^\W{0,4}(\w+)(?:\(([^)]{0,60})\))?(!)?\s*(?:\]\s*:?|:)\s*(.+)$/u.exec(subject);
  const [, type = '', scope, mark, text = ''] = written ?? [];
  const section = sectionOfType[type.toLowerCase()];
  return section === undefined
    ? undefined
    : { section, isBreaking: mark === '!', description: describe(scope, text) };
}

/** `Fix it (#12)` → `Fix it`, 12. */
function takePullRequest(subject: string): {
  readonly text: string;
  readonly pullRequest: number | undefined;
} {
  const found = /(?<!\s)\s*\(#(\d{1,9})\)\s*$/.exec(subject);
  if (found === null) return { text: subject, pullRequest: undefined };
  return { text: subject.slice(0, found.index), pullRequest: Number(found[1]) };
}

function describe(scope: string | undefined, text: string): string {
  const clean = trimDecoration(text);
  return scope === undefined || scope.trim() === '' ? clean : `${scope.trim()}: ${clean}`;
}

/** Emoji names, emoji and list marks in front of the words; a full stop behind them. */
function trimDecoration(text: string): string {
  const bare = text.replace(/^(?:\s|:[a-z0-9_+-]+:|\p{Extended_Pictographic}|\uFE0F|[-*#•]\s)+/gu, '');
  const clean = bare.trim().replace(/(?<!\.)\.$/, '');
  const isWord = /^\p{Ll}[\p{Ll}'-]*(?=\s|$)/u.test(clean);
  return isWord ? clean.charAt(0).toUpperCase() + clean.slice(1) : clean;
}

function sectionOf(description: string): ChangelogSection {
  return sectionOfFirstWord.find(([pattern]) => pattern.test(description))?.[1] ?? 'Changed';
}
