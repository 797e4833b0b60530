import { failure, renderFailure } from '../../domain/failure/failure.ts';
import { type DriftRow, orderDrift, summarizeDrift } from '../../domain/package/drift.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import { compareRows } from '../watch/catalog/compare.ts';
import { findRepository, isAnswer, notFound } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import { compareAll } from './list-drift.ts';
import type { Operations, Overview, RepositoryHistory } from './operations.ts';
import { wordOwed } from './word-owed.ts';

const linesShown = 20;
const overviewJobs = 10;
const failedShown = 10;
const contestedShown = 10;
/** Nobody looks for older failures any more. */
const failedWithinMs = 7 * 24 * 3_600_000;

/** How things stand, from what is known; asks no neighbour. */
export async function describeOverview(deps: OperationsDeps): Promise<Overview> {
  const { queued, running, parked } = await deps.keeper.countDepth();
  const rows = await compareAll(deps, {});
  const owed = await deps.owed.listOwed();
  return {
    readiness: await deps.readiness(),
    queued,
    running,
    parked,
    repositories: await deps.history.countRepositories(),
    lastJobs: await deps.history.listJobs(undefined, overviewJobs),
    drift: summarizeDrift(orderDrift(rows)),
    owedChangelogs: owed.length,
    held: (await deps.holds.list({})).length,
    scheduledJobs: await deps.schedule.list(),
    waitsForPerson: [
      ...(await wordLeftAlone(deps)),
      ...(await listWaiting(deps, rows)),
      ...wordOwed(owed),
      ...(await wordChecks(deps)),
    ],
  };
}

async function wordLeftAlone({ looks }: OperationsDeps): Promise<readonly string[]> {
  const left = await looks.listLeftAlone();
  return left.map((facts) => renderFailure(failure('head-left-alone', { ...facts })).title);
}

/** Said where somebody looks, and nowhere else: nothing depends on it. */
async function wordChecks({ checks }: OperationsDeps): Promise<readonly string[]> {
  if ((await checks.findLastOutcome()) !== 'not-permitted') return [];
  return ['Plans are not shown at commits: our credentials may write neither checks nor statuses on GitHub'];
}

async function listWaiting(deps: OperationsDeps, rows: readonly DriftRow[]): Promise<readonly string[]> {
  const since = deps.clock.now() - failedWithinMs;
  const { undelivered, failed } = await deps.history.listWaiting(since, failedShown);
  const contested = orderDrift(rows).filter((row) => row.kind === 'duplicate-owner');
  const more = contested.length - contestedShown;
  return [
    ...contested.slice(0, contestedShown).map(({ name, detail }) => `${name}: ${detail ?? ''}`),
    ...(more > 0 ? [`${more} more names that several repositories hold`] : []),
    ...(undelivered > 0 ? [`${undelivered} messages could not be delivered yet`] : []),
    ...(failed.length > 0 ? [`Failed and not retried: ${failed.map((job) => `#${job}`).join(', ')}`] : []),
  ];
}

export async function describePackage(
  deps: OperationsDeps,
  name: string,
): ReturnType<Operations['describePackage']> {
  const rows = await compareAll(deps, { name });
  const publishes = await deps.history.listPublishes(name, linesShown);
  const owner = await deps.pipeline.ledger.findOwner(name);
  const held = await deps.holds.list({ name });
  if (rows.length === 0 && publishes.length === 0 && owner === undefined) {
    return notFound('package', name, await deps.history.listPackageNames());
  }
  return { kind: 'package', rows: rows.slice(0, linesShown), owner: owner?.slug, publishes, held };
}

export async function describeRepository(
  deps: OperationsDeps,
  slug: string,
): ReturnType<Operations['describeRepository']> {
  const repository = await findRepository(deps.pipeline.repositories, slug);
  if (isAnswer(repository)) return repository;
  const registered = (await deps.pipeline.repositories.list()).map((known) => known.slug);
  const rows = await deps.catalog.listRows({ repositoryId: repository.id });
  const jobs = await deps.history.listJobs(repository.id, linesShown);
  return {
    kind: 'repository',
    repository,
    drift: orderDrift(
      compareRows(rows, {
        scopes: deps.scopes,
        registered,
        gitServerUrl: deps.pipeline.changelog.gitServerUrl,
      }),
    ),
    jobs,
    held: await deps.holds.list({ repositoryId: repository.id }),
    ...(await describeTrial(deps, repository)),
  };
}

/** Nothing for a repository that is live and never was in shadow mode. */
async function describeTrial(
  deps: OperationsDeps,
  { id, mode }: Repository,
): Promise<Pick<RepositoryHistory, 'trial'>> {
  const trial = await deps.comparisons.summarize(id);
  const isEmpty = trial.compared + trial.waiting + trial.unexpected === 0;
  return isEmpty && mode === 'live' && !deps.isShadow ? {} : { trial };
}

export async function describeJob(deps: OperationsDeps, job: number): ReturnType<Operations['describeJob']> {
  const found = await deps.jobs.findJob(job);
  return found === undefined ? notFound('job', `#${job}`, []) : { kind: 'job', ...found };
}
