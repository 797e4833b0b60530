import type { Actor } from '../../domain/job/actor.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { NewId } from '../github/take-new-id.ts';
import {
  type ChangeAnswer,
  findRepository,
  isAnswer,
  type NotFound,
  type Refused,
  refused,
} from './answers.ts';
import type { Uses } from './core.ts';
import { describeChanges, findProblem, pickKnown, type RepositorySettings } from './repository-settings.ts';
import { describeRuleChanges, findRuleProblem, mergeRules } from './rule-settings.ts';

export type ChangeRepositoryDeps = Uses<{
  repositories: 'all' | 'looks' | 'onActivated' | 'register' | 'takeNewId';
  settings: 'scopes';
}>;

/** How long a person waits for GitHub to say which repository has the name now. */
const lookTimeoutMs = 30_000;

/** Changes the given settings, all or none, and words what is different now. */
export async function changeRepository(
  { repositories, settings: { scopes } }: ChangeRepositoryDeps,
  slug: string,
  settings: RepositorySettings,
  by: Actor,
): Promise<ChangeAnswer | NotFound | Refused> {
  const repository = await findRepository(repositories.all, slug);
  if (isAnswer(repository)) return repository;
  const problem = findProblem(settings, scopes) ?? findRuleProblem(settings.rules ?? {}, repository.rules);
  if (problem !== undefined) return refused(problem);
  const rules =
    settings.rules === undefined ? repository.rules : mergeRules(repository.rules, settings.rules);
  const changes = [...describeChanges(repository, settings), ...describeRuleChanges(repository.rules, rules)];
  const now = await findNewId(repositories, repository, settings, by);
  if (now.kind === 'refused') return refused(now.failure);
  const isLifted = settings.status === 'active' && (await repositories.looks.lift(repository.id, by));
  const all = [
    ...changes,
    ...(now.kind === 'taken' ? [now.change] : []),
    ...(isLifted ? ['left alone → looked at again'] : []),
  ];
  return store(repositories, repository, { settings, rules, changes: all }, by);
}

interface Wanted {
  readonly settings: RepositorySettings;
  readonly rules: Repository['rules'];
  readonly changes: readonly string[];
}

async function store(
  { onActivated, register }: ChangeRepositoryDeps['repositories'],
  repository: Repository,
  { settings, rules, changes }: Wanted,
  by: Actor,
): Promise<ChangeAnswer> {
  if (changes.length === 0) return { kind: 'changed', repository, changes };
  const change = { ...pickKnown(settings), ...(settings.rules === undefined ? {} : { rules }) };
  const changed = await register.change(repository.id, change, changes, by);
  if (changed.status === 'active' && settings.status === 'active') onActivated(changed.id);
  return { kind: 'changed', repository: changed, changes };
}

/** Follows a repository that was made anew under its name, but only when somebody sets it active. */
async function findNewId(
  { takeNewId }: ChangeRepositoryDeps['repositories'],
  repository: Repository,
  { status }: RepositorySettings,
  by: Actor,
): Promise<NewId> {
  if (status !== 'active') return { kind: 'same' };
  return takeNewId(repository, by, AbortSignal.timeout(lookTimeoutMs));
}
