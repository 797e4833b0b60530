import type { Repository } from '../../domain/repository/repository.ts';
import type { NewId } from '../github/take-new-id.ts';
import { findRepository, isAnswer, refused } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, ChangeAnswer, Operations, RepositorySettings } from './operations.ts';
import { describeChanges, findProblem, pickKnown } from './repository-settings.ts';
import { describeRuleChanges, findRuleProblem, mergeRules } from './rule-settings.ts';

/** How long a person waits for GitHub to say what a name is now. */
const lookTimeoutMs = 30_000;

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
  const now = await lookAtGitHub(deps, repository, settings, by);
  if (now.kind === 'refused') return refused(now.failure);
  const isLifted = settings.status === 'active' && (await deps.looks.lift(repository.id, by));
  const all = [
    ...changes,
    ...(now.kind === 'taken' ? [now.change] : []),
    ...(isLifted ? ['left alone → looked at again'] : []),
  ];
  return store(deps, repository, { settings, rules, changes: all }, by);
}

interface Wanted {
  readonly settings: RepositorySettings;
  readonly rules: Repository['rules'];
  readonly changes: readonly string[];
}

async function store(
  deps: OperationsDeps,
  repository: Repository,
  { settings, rules, changes }: Wanted,
  by: Actor,
): Promise<ChangeAnswer> {
  if (changes.length === 0) return { kind: 'changed', repository, changes };
  const change = { ...pickKnown(settings), ...(settings.rules === undefined ? {} : { rules }) };
  const changed = await deps.register.change(repository.id, change, changes, by);
  if (changed.status === 'active' && settings.status === 'active') deps.onActivated(changed.id);
  return { kind: 'changed', repository: changed, changes };
}

/** Whoever sets it active means the repository that has the name now. */
async function lookAtGitHub(
  deps: OperationsDeps,
  repository: Repository,
  { status }: RepositorySettings,
  by: Actor,
): Promise<NewId> {
  if (status !== 'active') return { kind: 'same' };
  return deps.takeNewId(repository, by, AbortSignal.timeout(lookTimeoutMs));
}
