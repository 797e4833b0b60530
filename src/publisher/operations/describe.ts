import type { JobLine, PublishLine } from '../../domain/job/job-line.ts';
import { type DriftRow, orderDrift } from '../../domain/package/drift.ts';
import type { Hold } from '../../domain/package/hold.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { ShadowSummary } from '../../domain/repository/shadow.ts';
import type { FoundJob } from '../../ports/jobs.ts';
import { findRepository, isAnswer, type NotFound, notFound } from './answers.ts';
import type { Uses } from './core.ts';
import { type CompareDeps, compareAll } from './list-drift.ts';

export interface PackageHistory {
  readonly kind: 'package';
  readonly rows: readonly DriftRow[];
  /** Slug of the owner. */
  readonly owner: string | undefined;
  /** Newest first. */
  readonly publishes: readonly PublishLine[];
  /** Versions that wait for others, oldest first. */
  readonly held: readonly Hold[];
}

export interface RepositoryHistory {
  readonly kind: 'repository';
  readonly repository: Repository;
  readonly drift: readonly DriftRow[];
  readonly jobs: readonly JobLine[];
  /** Versions that wait for others, oldest first. */
  readonly held: readonly Hold[];
  /** Set in shadow mode, and after a trial that ended. */
  readonly trial?: ShadowSummary;
}

export interface JobDetails extends FoundJob {
  readonly kind: 'job';
}

const linesShown = 20;

/** Describes where a package stands, its owner and its latest publishes. */
export async function describePackage(
  deps: CompareDeps & Uses<{ jobs: 'history'; packages: 'holds' | 'ledger' }>,
  name: string,
): Promise<PackageHistory | NotFound> {
  const { history } = deps.jobs;
  const rows = await compareAll(deps, { name });
  const publishes = await history.listPublishes(name, linesShown);
  const owner = await deps.packages.ledger.findOwner(name);
  const held = await deps.packages.holds.list({ name });
  if (rows.length === 0 && publishes.length === 0 && owner === undefined) {
    return notFound('package', name, await history.listPackageNames());
  }
  return { kind: 'package', rows: rows.slice(0, linesShown), owner: owner?.slug, publishes, held };
}

export type DescribeRepositoryDeps = CompareDeps &
  Uses<{ jobs: 'history'; packages: 'holds'; repositories: 'comparisons'; settings: 'isShadow' }>;

/** Describes a repository's settings, how its packages differ from the registry, and its latest jobs. */
export async function describeRepository(
  deps: DescribeRepositoryDeps,
  slug: string,
): Promise<RepositoryHistory | NotFound> {
  const repository = await findRepository(deps.repositories.all, slug);
  if (isAnswer(repository)) return repository;
  const { id: repositoryId } = repository;
  return {
    kind: 'repository',
    repository,
    drift: orderDrift(await compareAll(deps, { repositoryId })),
    jobs: await deps.jobs.history.listJobs(repositoryId, linesShown),
    held: await deps.packages.holds.list({ repositoryId }),
    ...(await describeTrial(deps, repository)),
  };
}

/** Returns nothing for a repository that is live and never was in shadow mode. */
async function describeTrial(
  { repositories, settings }: DescribeRepositoryDeps,
  { id, mode }: Repository,
): Promise<Pick<RepositoryHistory, 'trial'>> {
  const trial = await repositories.comparisons.summarize(id);
  const isEmpty = trial.compared + trial.waiting + trial.unexpected === 0;
  return isEmpty && mode === 'live' && !settings.isShadow ? {} : { trial };
}

/** Describes a job with its report and its history in the audit trail. */
export async function describeJob(
  { jobs }: Uses<{ jobs: 'retries' }>,
  job: number,
): Promise<JobDetails | NotFound> {
  const found = await jobs.retries.findJob(job);
  return found === undefined ? notFound('job', `#${job}`, []) : { kind: 'job', ...found };
}
