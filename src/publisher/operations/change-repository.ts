import { isBranchPattern } from '../../domain/branch-pattern.ts';
import { type Failure, failure } from '../../domain/failure.ts';
import { isInScope } from '../../domain/package-name.ts';
import { publishModes, type Repository, repositoryStatuses } from '../../domain/repository.ts';
import type { RepositoryChange } from '../../ports/repository-register.ts';
import { findRepository, isAnswer, refused } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, Operations, RepositorySettings } from './operations.ts';
import { describeRuleChanges, findRuleProblem, mergeRules } from './rule-settings.ts';

const mostEntries = 50;
const longestShown = 100;

/** Changes what is given, all of it or nothing, and says in words what is different now. */
export async function changeRepository(
  deps: OperationsDeps,
  slug: string,
  settings: RepositorySettings,
  by: Actor,
): ReturnType<Operations['changeRepository']> {
  const repository = await findRepository(deps.pipeline.repositories, slug);
  if (isAnswer(repository)) return repository;
  const problem =
    findProblem(settings, deps.scopes) ?? findRuleProblem(settings.rules ?? {}, repository.rules);
  if (problem !== undefined) return refused(problem);
  const rules =
    settings.rules === undefined ? repository.rules : mergeRules(repository.rules, settings.rules);
  const changes = [...describeChanges(repository, settings), ...describeRuleChanges(repository.rules, rules)];
  if (changes.length === 0) return { kind: 'changed', repository, changes };
  const change = { ...pickKnown(settings), ...(settings.rules === undefined ? {} : { rules }) };
  const changed = await deps.register.change(repository.id, change, changes, by);
  if (changed.status === 'active' && repository.status !== 'active') deps.onActivated(changed.id);
  return { kind: 'changed', repository: changed, changes };
}

function pickKnown({ branches, scopes, status, mode }: RepositorySettings): RepositoryChange {
  return {
    ...(branches === undefined ? {} : { branches: unique(branches) }),
    ...(scopes === undefined ? {} : { scopes: unique(scopes) }),
    ...(status === undefined ? {} : { status }),
    ...(mode === undefined ? {} : { mode }),
  };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

function findProblem(settings: RepositorySettings, allowed: readonly string[]): Failure | undefined {
  const { branches = [], scopes = [], status = 'active', mode = 'live' } = settings;
  const badBranch = branches.find((pattern) => !isBranchPattern(pattern));
  const badScope = scopes.find((text) => !isScope(text) || !isInScope(text, allowed));
  const checks: readonly (readonly [setting: string, value: string | undefined, problem: string])[] = [
    ['branches', tooMany(branches), `at most ${mostEntries}`],
    ['scopes', tooMany(scopes), `at most ${mostEntries}`],
    ['branches', badBranch, 'it is no branch, and no pattern such as release/*'],
    ['scopes', badScope, `it is not within ${allowed.join(', ')}`],
    ['status', repositoryStatuses.includes(status) ? undefined : status, 'it is no status'],
    ['mode', publishModes.includes(mode) ? undefined : mode, 'it is no mode'],
  ];
  for (const [setting, value, problem] of checks) {
    if (value === undefined) continue;
    const shown = value.slice(0, longestShown).toWellFormed();
    return failure('setting-invalid', { setting, value: shown, problem });
  }
  return undefined;
}

function tooMany(entries: readonly string[]): string | undefined {
  return entries.length > mostEntries ? `${entries.length} entries` : undefined;
}

function isScope(text: string): boolean {
  return /^[A-Za-z0-9][-._A-Za-z0-9]{0,213}(?:\.\*)?$/.test(text);
}

function describeChanges(before: Repository, { branches, scopes, status, mode }: RepositorySettings) {
  const lines: string[] = [];
  const compare = (what: string, from: string, to: string | undefined): void => {
    if (to !== undefined && to !== from) lines.push(`${what}: ${from} → ${to}`);
  };
  compare('status', before.status, status);
  compare('mode', before.mode, mode);
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
