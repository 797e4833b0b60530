import { type Failure, renderFailure } from '../../../domain/failure/failure.ts';
import type { JobReport } from '../../../domain/job/report.ts';
import type { CommitSha, Repository, Slug } from '../../../domain/repository/repository.ts';
import type { TrialReader } from '../../judge/deps.ts';
import { compareRows } from '../catalog/compare.ts';
import { type CatalogDeps, refreshCatalog } from '../catalog/refresh.ts';
import {
  joinPackages,
  listContested,
  listOtherScopes,
  type Survey,
  type SurveyedRepository,
} from './survey.ts';

export interface SurveyDeps extends CatalogDeps {
  /** Packs and checks every package of the commit as the next version would be; sends nothing. */
  readonly judge: (repository: Repository, commit: CommitSha, trial: TrialReader) => Promise<JobReport>;
  readonly onProgress: (text: string) => void;
}

/**
 * Surveys all registered repositories; what cannot be read is part of the result. Throws the signal's reason only.
 */
export async function takeSurvey(
  deps: SurveyDeps,
  signal: AbortSignal,
): Promise<Omit<Survey, 'at' | 'registry' | 'badEntries'>> {
  const { scopes, gitServerUrl } = deps;
  const repositories = await deps.repositories.list();
  deps.onProgress(`Reading ${repositories.length} repositories`);
  const onProgress = (done: number, total: number): void =>
    deps.onProgress(`Looked up ${done} of ${total} names`);
  const { unread } = await refreshCatalog(deps, { onProgress }, signal);
  const rows = await deps.catalog.listRows({});
  const trial = pretendUnpublished(new Map(rows.map(({ name, version }) => [name, version])));
  const registered = repositories.map(({ slug }) => slug);
  const surveyed: SurveyedRepository[] = [];
  for (const repository of repositories) {
    signal.throwIfAborted();
    deps.onProgress(`Judging ${repository.slug}`);
    const why = unread.get(repository.id);
    surveyed.push(await surveyOne(deps, repository, { registered, trial, why }));
  }
  const contested = listContested(rows, scopes, gitServerUrl);
  return { scopes, repositories: surveyed, contested, otherScopes: listOtherScopes(rows, scopes) };
}

interface Known {
  readonly registered: readonly Slug[];
  readonly trial: TrialReader;
  /** Why the repository's head could not be read. */
  readonly why: Failure | undefined;
}

async function surveyOne(
  { catalog, judge, scopes, gitServerUrl }: SurveyDeps,
  repository: Repository,
  { registered, trial, why }: Known,
): Promise<SurveyedRepository> {
  const { id, slug, status } = repository;
  const head = why === undefined ? await catalog.findHead(id) : undefined;
  const report = head === undefined ? undefined : await judge(repository, head.commit, trial);
  const rows = compareRows(await catalog.listRows({ repositoryId: id }), {
    scopes,
    registered,
    gitServerUrl,
  });
  const packages = joinPackages(rows, report);
  const problem = why === undefined ? (report?.failure ?? null) : renderFailure(why);
  const { branch, commit } = head ?? { branch: null, commit: null };
  return { repository: slug, status, branch, commit, problem, packages };
}

/**
 * Pretends that the versions at the heads are not published. A published version would be skipped unseen, and nobody
 * would learn what stops the next one.
 */
function pretendUnpublished(heads: ReadonlyMap<string, string | undefined>): TrialReader {
  return {
    findStart: async (name, shown) => shown.filter((version) => version !== heads.get(name)),
    listRecorded: async () => [],
  };
}
