import type { CommitAbout } from '../../domain/announcement/announcement.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import { noChangelog, type PreparedChangelog, prepareChangelogs } from '../changelog/prepare-changelogs.ts';
import { buildCommitContext } from '../judge/commit-context.ts';
import type { Judgement, PlannedPackage } from '../judge/judgement.ts';
import { listCandidates, selectPackages } from '../judge/select.ts';
import type { PackageRun } from '../package/package-run.ts';
import type { Run } from '../run/pipeline.ts';
import type { CommitHalf } from './commit-half.ts';
import type { PrepareDeps } from './deps.ts';
import { judgeAll } from './judge-all.ts';
import { publishInOrder, type ReadyPackage } from './publish-in-order.ts';

export interface DispatchRun {
  readonly results: readonly PackageResult[];
  readonly about: CommitAbout;
  /** Branch of the commit; set only when the whole commit was judged. */
  readonly judgedBranch: string | undefined;
  /** True while a sent version may still become visible on the registry. */
  readonly isWaiting: boolean;
  /** Longest pause that a neighbour asked for; 0 when none did. */
  readonly retryAfterMs: number;
}

/**
 * Longest part of a changelog entry that reports and messages show, in characters; the changelog file has all of it.
 */
const shownMax = 8_000;

/**
 * Carries out one dispatch, from commit to report. The steps only prepare; `half` hears of each finished step and
 * does all the writing. Throws Outage (park the job), GaveWay (older commits go first), PublishError (the dispatch as
 * a whole failed), or the signal's reason.
 */
export async function publishDispatch(deps: PrepareDeps, half: CommitHalf, run: Run): Promise<DispatchRun> {
  const { job } = run;
  const located = await run.stage('fetch', undefined, async () =>
    deps.source.locate(
      { id: job.repositoryId, slug: job.slug, commit: job.commit, branches: job.branches },
      run.signal,
    ),
  );
  await half.fetched();
  const listed = await listCandidates(deps.select, run, located);
  await half.compared(listed.base);
  const { selected, unchanged, duplicates, seen } = await selectPackages(deps.select, run, located, listed);
  await half.selected(seen);
  const judgements = await run.stage('judge', undefined, async () =>
    judgeAll(deps.judge, half, run, { selected, duplicates, onDefaultBranch: located.isDefaultBranch }),
  );
  const { branch } = located;
  const commit = await buildCommitContext(deps.context, run, { branch, selected, unchanged, judgements });
  const settled = judgements.flatMap((judgement) => (judgement.kind === 'settled' ? [judgement.result] : []));
  const planned = judgements.flatMap((judgement): readonly PlannedPackage[] =>
    judgement.kind === 'planned' ? [{ ...judgement.plan, commit }] : [],
  );
  await half.planned([...unchanged, ...settled, ...planned.map((plan) => plan.result)], planned.length);
  const { tree } = listed;
  const { byFolder, made } = await prepareChangelogs(deps.changelog, run, located, tree, planned);
  if (made.length > 0) await half.described(made);
  const runs = await publishInOrder(deps, half, run, tree, withChangelogs(planned, byFolder), settled);
  return {
    results: [...unchanged, ...settled, ...runs.map((item) => item.result)],
    about: aboutOf(located),
    judgedBranch: isWhole(job) ? located.branch : undefined,
    isWaiting: runs.some((item) => item.kind === 'waiting'),
    retryAfterMs: findLongestPause([...judgements, ...runs]),
  };
}

/** Whether the job covers the whole commit; a job for some of its packages does not judge the commit. */
function isWhole({ packagePath, onlyPaths }: Job): boolean {
  return packagePath === '' && onlyPaths === undefined;
}

function findLongestPause(items: readonly (Judgement | PackageRun)[]): number {
  return Math.max(0, ...items.map((item) => ('retryAfterMs' in item ? (item.retryAfterMs ?? 0) : 0)));
}

function aboutOf({ subject, author, branch, committedAtMs }: LocatedCommit): CommitAbout {
  return { subject, author, branch, committedAtMs };
}

function withChangelogs(
  planned: readonly PlannedPackage[],
  changelogs: ReadonlyMap<string, PreparedChangelog>,
): readonly ReadyPackage[] {
  return planned.map((plan) => {
    const changelog = changelogs.get(plan.candidate.path) ?? noChangelog;
    const { body, wordedByModel } = changelog;
    const warnings = [...plan.result.warnings, ...changelog.warnings];
    const shown = body === undefined || body.length <= shownMax ? body : `${body.slice(0, shownMax)}…`;
    return { ...plan, changelog, result: { ...plan.result, changelog: shown, wordedByModel, warnings } };
  });
}
