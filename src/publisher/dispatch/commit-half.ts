import type { ChangelogEntry } from '../../domain/changelog/changelog.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { CandidateSighting } from '../../ports/judgements.ts';
import type { Judgement, NameJudgement } from '../judge/judgement.ts';
import { commitPackage } from '../package/commit-package.ts';
import type { PackageRun } from '../package/package-run.ts';
import { describeUnsent, type PreparedPackage } from '../package/prepare-package.ts';
import { keepVersion, type ReadVersion } from '../preflight/guid-index/index-version.ts';
import type { Run } from '../run/run.ts';
import { recordForTrial } from '../trial/record-for-trial.ts';
import type { CommitDeps } from './deps.ts';
import { letAncestorsFirst } from './give-way.ts';

/** What follows the steps of a run, in this order: all that it writes. */
export interface CommitHalf {
  /** The commit is here. May throw GaveWay. */
  fetched(): Promise<void>;
  /** It is compared with this one; null: with none. */
  compared(base: CommitSha | null): Promise<void>;
  /** What was read of its packages that was not known before. */
  selected(seen: readonly CandidateSighting[]): Promise<void>;
  /** One name was judged; what is made of it. */
  judged(name: string, judged: NameJudgement): Promise<Judgement>;
  /** Everything was; so many packages are going to be published. */
  planned(results: readonly PackageResult[], count: number): Promise<void>;
  /** New entries of changelogs, before anything is packed. */
  described(entries: readonly ChangelogEntry[]): Promise<void>;
  /** Published versions were read to be compared with. */
  read(versions: readonly ReadVersion[]): Promise<void>;
  /** One package is ready. Throws Outage. */
  prepared(prepared: PreparedPackage): Promise<PackageRun>;
  /** One planned package has its outcome. */
  settled(result: PackageResult): Promise<void>;
}

/** Of a job: keeps what its steps came to, and publishes; in shadow mode records what it would have published. */
export function buildCommitHalf(deps: CommitDeps, run: Run): CommitHalf {
  const { job } = run;
  return {
    fetched: async () => letAncestorsFirst(deps.giveWay, run),
    // Fixed the first time, so that a retry judges the same change.
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

/** A trial begins with the first look at a name, and claims none. Of two that claim a name the first wins. */
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
