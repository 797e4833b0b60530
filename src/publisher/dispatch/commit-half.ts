import type { ChangelogEntry } from '../../domain/changelog/changelog.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { CandidateSighting } from '../../ports/judgements.ts';
import type { Judgement, NameJudgement } from '../judge/judgement.ts';
import { commitPackage } from '../package/commit-package.ts';
import type { PackageRun } from '../package/package-run.ts';
import { describeUnsent, type PreparedPackage } from '../package/prepare-package.ts';
import { keepVersion, type ReadVersion } from '../preflight/guid-index/index-version.ts';
import type { Run } from '../run/pipeline.ts';
import { recordForTrial } from '../trial/record-for-trial.ts';
import type { CommitDeps } from './deps.ts';
import { letAncestorsFirst } from './give-way.ts';

/** Everything that a run writes: one method per step of the pipeline, called in this order. */
export interface CommitHalf {
  /** The commit was fetched. May throw GaveWay. */
  fetched(): Promise<void>;
  /** The commit was compared with `base`; null when it was compared with nothing. */
  compared(base: CommitSha | null): Promise<void>;
  /** Candidates were read that were not known before. */
  selected(seen: readonly CandidateSighting[]): Promise<void>;
  /** One name was judged. Returns the judgement that counts, which is another one if the name's claim was lost. */
  judged(name: string, judged: NameJudgement): Promise<Judgement>;
  /** Every package was judged; `count` of them are going to be published. */
  planned(results: readonly PackageResult[], count: number): Promise<void>;
  /** New changelog entries were written; called before anything is packed. */
  described(entries: readonly ChangelogEntry[]): Promise<void>;
  /** Published versions were read for comparison. */
  read(versions: readonly ReadVersion[]): Promise<void>;
  /** One package is ready to be sent. Throws Outage. */
  prepared(prepared: PreparedPackage): Promise<PackageRun>;
  /** One planned package has its outcome. */
  settled(result: PackageResult): Promise<void>;
}

/**
 * Builds the half of a real job: saves what each step found, and publishes. In shadow mode it records what it would
 * have published.
 */
export function buildCommitHalf(deps: CommitDeps, run: Run): CommitHalf {
  const { job } = run;
  return {
    fetched: async () => letAncestorsFirst(deps.giveWay, run),
    // Fixed by the first attempt, so that a retry judges the same change.
    compared: async (base) => (job.base === undefined ? deps.queue.fixBase(job, base) : undefined),
    selected: async (seen) => deps.judged.saveSightings(job.repositoryId, seen),
    judged: async (name, judged) => keepJudgement(deps, run, name, judged),
    planned: async (results, count) => {
      await deps.jobLog.savePackages(job, results);
      deps.progress.planned(job, count);
    },
    described: async (entries) => deps.entries.save(job, entries),
    read: async (versions) => {
      for (const version of versions) await keepVersion(deps.package.record.index, version);
    },
    prepared: async (prepared) => {
      if (job.mode !== 'shadow' || prepared.kind !== 'packed')
        return commitPackage(deps.package, run, prepared);
      await recordForTrial(deps.shadow, run, prepared.draft);
      return { kind: 'result', result: describeUnsent(prepared) };
    },
    settled: async (result) => {
      await deps.jobLog.savePackages(job, [result]);
      deps.progress.settled(job, result.name);
    },
  };
}

/**
 * In shadow mode the first look at a name begins its trial, and no name is claimed. Otherwise the first of two
 * repositories that claim a name wins.
 */
async function keepJudgement(
  { ledger, shadow }: Pick<CommitDeps, 'ledger' | 'shadow'>,
  { job: { mode, repositoryId } }: Run,
  name: string,
  { judgement, claim, shown }: NameJudgement,
): Promise<Judgement> {
  if (mode === 'shadow') {
    if (shown !== undefined) await shadow.trial.begin(repositoryId, name, shown);
    return judgement;
  }
  if (claim === undefined) return judgement;
  const now = await ledger.claimName(name, repositoryId, claim.how);
  return now.repositoryId === repositoryId ? judgement : claim.ifLost(now.slug);
}
