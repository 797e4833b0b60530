import { type Failure, type Neighbour, type RenderedFailure, renderFailure } from '../failure/failure.ts';
import type { MonitorNotice } from '../failure/trouble.ts';
import { renderPackage } from '../job/package-report.ts';
import type { AwaitedVersion, JobStatus, PackageReport, PackageResult } from '../job/report.ts';
import type { HoldOutcome } from '../package/hold.ts';
import type { ShadowFinding } from '../repository/shadow.ts';
import type { DigestAnnouncement } from './digest.ts';
import { findNews, type News } from './news.ts';
import type { Reminder } from './reminder.ts';

/** What a commit says about itself; hostile text, as committed. */
export interface CommitAbout {
  /** First line of the message. */
  readonly subject: string;
  readonly author: string;
  readonly branch: string;
  /** Epoch milliseconds by the committer's clock; older messages lack it. */
  readonly committedAtMs?: number;
}

export interface HeldBehind {
  readonly by: string;
  /** Left out when `by` is a package of the same job, which failed. */
  readonly version?: string;
  readonly names: readonly string[];
}

export interface JobFinished {
  readonly kind: 'job-finished';
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  /** What the repository says of the commit; null when it could not be read. */
  readonly about: CommitAbout | null;
  readonly requestedBy: string;
  /** Milliseconds from the commit until the push was found, as far as known; set when no event announced it. */
  readonly foundLateMs?: number | undefined;
  /** Who pushed, as the dispatch or else the commit says; hostile text. */
  readonly pusher: string | null;
  readonly status: JobStatus;
  readonly failure: RenderedFailure | null;
  /** Who cancelled the job; null when nobody did. */
  readonly cancelledBy: string | null;
  /** Packages that wait behind a failed one, each group named by the package at its root. */
  readonly held: readonly HeldBehind[];
  /**
   * Only packages that have something to say: published, failed, held, withdrawn, newly excluded or superseded, and
   * packages with new warnings.
   */
  readonly packages: readonly PackageReport[];
  readonly counts: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** Epoch milliseconds. */
  readonly finishedAt: number;
}

/** A pull request that repairs what stopped a package. */
export interface ProposedFix {
  readonly name: string;
  readonly pullRequest: number;
  readonly url: string;
}

/** What became of a version that was held. */
export interface SettledHold {
  readonly name: string;
  readonly version: string;
  readonly outcome: HoldOutcome;
  /** One sentence, where the outcome does not say it all; null otherwise. */
  readonly detail: string | null;
  /** The job in which it ended; null when a person ended it. */
  readonly job: number | null;
}

export interface HoldSettled {
  readonly kind: 'hold-settled';
  readonly ended: JobFinished;
  readonly settled: readonly SettledHold[];
  /** Set when somebody retried the job that holds the versions. */
  readonly retried?: { readonly by: string; readonly as: number };
}

/** Something that is announced to the team, as data; the thread decides how it looks. */
export type Announcement =
  | JobFinished
  /** Somebody pressed Retry or let a version through; `by`: their id in the chat, `as`: the job that followed. */
  | {
      readonly kind: 'job-retried';
      readonly ended: JobFinished;
      readonly by: string;
      readonly as: number;
      /** Why it is published in spite of what stopped it, in the person's words; left out for a plain retry. */
      readonly anyway?: string;
      /** Repairs that are proposed by then; left out while there are none. */
      readonly fixes?: readonly ProposedFix[];
    }
  /** The message of a job with held packages now says what became of them. */
  | HoldSettled
  /** The message of a failed job now shows the pull requests that repair it. */
  | { readonly kind: 'fix-proposed'; readonly ended: JobFinished; readonly fixes: readonly ProposedFix[] }
  | {
      readonly kind: 'outage';
      readonly neighbour: Neighbour;
      readonly since: number;
      readonly detail: string;
      /** Jobs that are parked for the neighbour; undefined when nothing can be written down. */
      readonly waiting: number | undefined;
    }
  | {
      readonly kind: 'outage-over';
      readonly neighbour: Neighbour;
      readonly since: number;
      readonly until: number;
    }
  | { readonly kind: 'dispatch-refused'; readonly repository: string; readonly failure: RenderedFailure }
  /** Something about a repository that a person should know, in sentences. */
  | {
      readonly kind: 'repository-notice';
      readonly repository: string;
      readonly title: string;
      readonly remedy: string;
    }
  | DigestAnnouncement
  | MonitorNotice
  | Reminder
  /** What a repository in shadow mode would have published, compared with what the registry received. */
  | {
      readonly kind: 'shadow-compared';
      readonly repository: string;
      readonly findings: readonly ShadowFinding[];
      /** Epoch milliseconds. */
      readonly at: number;
    }
  | MonitoringNotice;

export const lanes = ['outcomes', 'reports'] as const;
/** Announcements of one lane are made in order: what became of publishes, or reports about the service. */
export type Lane = (typeof lanes)[number];

const reports: readonly Announcement['kind'][] = ['digest', 'monitor', 'monitoring-notice'];

/** Returns the lane of an announcement; a thread that cannot be written to holds up its own lane only. */
export function laneOf({ kind }: Announcement): Lane {
  return reports.includes(kind) ? 'reports' : 'outcomes';
}

/** How the publisher itself is doing; for the monitoring thread. */
export interface MonitoringNotice {
  readonly kind: 'monitoring-notice';
  readonly tone: 'trouble' | 'good' | 'note';
  /** What the notice is about: a scheduled job, a credential. */
  readonly subject: string;
  readonly title: string;
  /** What follows from it, or what to do, in sentences. */
  readonly detail: string;
  /** Epoch milliseconds of the first sign; null when that says nothing. */
  readonly since: number | null;
}

export interface FinishedJob {
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly about: CommitAbout | null;
  readonly requestedBy: string;
  /** See JobFinished. */
  readonly foundLateMs?: number | undefined;
  /** The author as the dispatch says; undefined when it does not. */
  readonly commitAuthor: string | undefined;
  readonly status: JobStatus;
  readonly failure: Failure | undefined;
  readonly results: readonly PackageResult[];
  /** Results of the same folders that were known before, by path: they are not announced again. */
  readonly earlier: ReadonlyMap<string, PackageResult>;
  readonly durationMs: number;
  readonly finishedAt: number;
}

const spoken: readonly PackageResult['state'][] = ['published', 'failed', 'held', 'withdrawn'];

/** Builds the announcement of a finished job: the packages worth a line, and the others as counts. */
export function announceJob(ended: FinishedJob): JobFinished {
  const { results, earlier, failure, commitAuthor, ...facts } = ended;
  const counts: Record<string, number> = {};
  for (const result of results) counts[result.state] = (counts[result.state] ?? 0) + 1;
  return {
    kind: 'job-finished',
    ...facts,
    pusher: commitAuthor ?? ended.about?.author ?? null,
    failure: failure === undefined ? null : renderFailure(failure),
    cancelledBy: failure?.reason === 'cancelled' ? failure.facts.by : null,
    held: groupHeld(results),
    packages: results
      .map((result) => findNews(result, earlier.get(result.path)))
      .filter((news) => isWorthALine(news))
      .map(({ result }) => renderPackage(result)),
    counts,
  };
}

function isWorthALine({ result, isNewlyExcluded, isNewlySuperseded }: News): boolean {
  return isNewlyExcluded || isNewlySuperseded || spoken.includes(result.state) || result.warnings.length > 0;
}

/** Groups held packages by the package at the root of what they wait for: that one has to come first. */
function groupHeld(results: readonly PackageResult[]): readonly HeldBehind[] {
  const heldBy = listAwaited(results);
  const own = new Set(results.filter(({ state }) => state === 'failed').map(({ name }) => name));
  const groups = new Map<string, { root: AwaitedVersion; names: string[] }>();
  for (const name of heldBy.keys()) {
    const root = findRoot(heldBy, name);
    const group = groups.get(root.name) ?? { root, names: [] };
    group.names.push(name);
    groups.set(root.name, group);
  }
  return [...groups.values()].map(({ root, names }) =>
    own.has(root.name) ? { by: root.name, names } : { by: root.name, version: root.version, names },
  );
}

/** Returns what each held package waits for first; results that were stored long ago have only the reason. */
function listAwaited(results: readonly PackageResult[]): ReadonlyMap<string, AwaitedVersion> {
  const awaited = results.flatMap(({ failure, name, state, waiting }) => {
    if (state !== 'held') return [];
    const { dependency = '', version = '' } = failure?.reason === 'dependency-held' ? failure.facts : {};
    return [[name, waiting?.awaits[0] ?? { name: dependency, version }] as const];
  });
  return new Map(awaited);
}

function findRoot(heldBy: ReadonlyMap<string, AwaitedVersion>, name: string): AwaitedVersion {
  const seen = new Set<string>();
  let root = { name, version: '' };
  for (
    let next = heldBy.get(name);
    next !== undefined && !seen.has(next.name);
    next = heldBy.get(next.name)
  ) {
    seen.add(next.name);
    root = next;
  }
  return root;
}
