import { type Failure, failure } from '../../domain/failure/failure.ts';
import { isInScope } from '../../domain/package/package-name.ts';
import { isBranchPattern } from '../../domain/repository/branch-pattern.ts';
import {
  type FixMode,
  fixModes,
  type PublishMode,
  publishModes,
  type Repository,
  type RepositoryStatus,
  repositoryStatuses,
} from '../../domain/repository/repository.ts';
import type { RepositoryChange } from '../../ports/repositories.ts';
import type { RuleChanges } from './rule-settings.ts';

const mostEntries = 50;
const longestShown = 100;

export interface RepositorySettings {
  readonly branches?: readonly string[];
  readonly scopes?: readonly string[];
  readonly status?: RepositoryStatus;
  readonly mode?: PublishMode;
  readonly rules?: RuleChanges;
  readonly fixes?: FixMode;
}

/** All but the rules, which are merged with those that are known. */
export function pickKnown({ branches, scopes, status, mode, fixes }: RepositorySettings): RepositoryChange {
  return {
    ...(branches === undefined ? {} : { branches: unique(branches) }),
    ...(scopes === undefined ? {} : { scopes: unique(scopes) }),
    ...(status === undefined ? {} : { status }),
    ...(mode === undefined ? {} : { mode }),
    ...(fixes === undefined ? {} : { fixes }),
  };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

/** Of all but the rules; undefined when there is none. */
export function findProblem(settings: RepositorySettings, allowed: readonly string[]): Failure | undefined {
  const { branches = [], scopes = [], status, mode, fixes } = settings;
  const badBranch = branches.find((pattern) => !isBranchPattern(pattern));
  const badScope = scopes.find((text) => !isScope(text) || !isInScope(text, allowed));
  const checks: readonly (readonly [setting: string, value: string | undefined, problem: string])[] = [
    ['branches', tooMany(branches), `at most ${mostEntries}`],
    ['scopes', tooMany(scopes), `at most ${mostEntries}`],
    ['branches', badBranch, 'it is no branch, and no pattern such as release/*'],
    ['scopes', badScope, `it is not within ${allowed.join(', ')}`],
    ['status', findUnknown(status, repositoryStatuses), 'it is no status'],
    ['mode', findUnknown(mode, publishModes), 'it is no mode'],
    ['fixes', findUnknown(fixes, fixModes), 'it is neither off nor staging'],
  ];
  for (const [setting, value, problem] of checks) {
    if (value === undefined) continue;
    const shown = value.slice(0, longestShown).toWellFormed();
    return failure('setting-invalid', { setting, value: shown, problem });
  }
  return undefined;
}

function findUnknown(word: string | undefined, known: readonly string[]): string | undefined {
  return word === undefined || known.includes(word) ? undefined : word;
}

function tooMany(entries: readonly string[]): string | undefined {
  return entries.length > mostEntries ? `${entries.length} entries` : undefined;
}

function isScope(text: string): boolean {
  return /^[A-Za-z0-9][-._A-Za-z0-9]{0,213}(?:\.\*)?$/.test(text);
}

/** One line for each setting that is another now; rules have their own. */
export function describeChanges(
  before: Repository,
  { branches, scopes, status, mode, fixes }: RepositorySettings,
): readonly string[] {
  const lines: string[] = [];
  const compare = (what: string, from: string, to: string | undefined): void => {
    if (to !== undefined && to !== from) lines.push(`${what}: ${from} → ${to}`);
  };
  compare('status', before.status, status);
  compare('mode', before.mode, mode);
  compare('fixes', before.fixes, fixes);
  compare('branches', wordList(before.branches, 'the default branch'), branches && wordBranches(branches));
  compare('scopes', wordList(before.scopes, 'all'), scopes && wordList(unique(scopes), 'all'));
  return lines;
}

function wordBranches(branches: readonly string[]): string {
  return wordList(unique(branches), 'the default branch');
}

function wordList(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(', ');
}
