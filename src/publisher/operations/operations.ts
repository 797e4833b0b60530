import type { RenderedFailure } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import type { JobStatus, PackageReport } from '../../domain/job/report.ts';
import type { DriftRow, DriftSummary } from '../../domain/package/drift.ts';
import type { PublishTarget } from '../../domain/package/publish-target.ts';
import type { Repository, RepositoryId } from '../../domain/repository/repository.ts';
import type { AuditCursor, AuditPage } from '../../ports/audit.ts';
import type { PreflightExceptions } from '../../ports/preflight.ts';
import type { AskedRun, ScheduledJobState } from '../../ports/schedule.ts';
import type { OnProgress } from '../dispatch/dry-run.ts';
import type { RegistrationAnswer } from '../github/registration.ts';
import type { ProposedPackage } from '../preflight/repair/propose-fix.ts';
import type { JobDetails, PackageHistory, RepositoryHistory } from './histories.ts';
import type { Overview } from './overview.ts';
import type { RepositorySettings } from './repository-settings.ts';

export type { Actor } from '../../domain/job/actor.ts';
export type { JobLine } from '../../domain/job/job-line.ts';
export type { PublishTarget } from '../../domain/package/publish-target.ts';
export type { Suggestions } from '../../ports/memory.ts';
export type { Proposals } from '../../ports/repositories.ts';
export type { AskedRun, ScheduledJobState } from '../../ports/schedule.ts';
export type { JobDetails, PackageHistory, RepositoryHistory } from './histories.ts';
export type { Overview } from './overview.ts';
export type { RepositorySettings } from './repository-settings.ts';
export type { RuleChanges } from './rule-settings.ts';

/** What a person may name in place of a package or repository that is not there. */
export interface NotFound {
  readonly kind: 'not-found';
  readonly what: 'package' | 'repository' | 'job' | 'version' | 'ref';
  /** As asked for, at most 200 characters, not escaped. */
  readonly asked: string;
  readonly closest: string | undefined;
}

/** It cannot be answered now or like this; the failure names the remedy. */
export interface Refused {
  readonly kind: 'refused';
  readonly failure: RenderedFailure;
}

export interface PublishRequest {
  readonly target: PublishTarget;
  /** Branch, tag or commit; the head of the default branch when undefined. */
  readonly ref: string | undefined;
  /** An operator lets a version below `latest` through. */
  readonly allowLower: boolean;
  readonly by: Actor;
}

export interface Queued {
  readonly kind: 'queued';
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly status: JobStatus;
  /** Jobs of the same repository before it, plus one; undefined when it already runs or is over. */
  readonly position: number | undefined;
  /** The same dispatch was already asked for and lives or has published. */
  readonly duplicate: boolean;
}

/** What a publish of this commit would do, per package; nothing was sent. */
export interface Plan {
  readonly kind: 'plan';
  readonly repository: string;
  readonly commit: string;
  readonly branch: string;
  readonly packages: readonly PackageReport[];
}

/** What stands at the head of a repository's default branch, against the registry. */
export interface RepositoryScan {
  readonly repository: string;
  readonly commit: string;
  readonly branch: string;
  /** Every candidate: drift kind `excluded` carries its reason. */
  readonly packages: readonly DriftRow[];
  /** Names whose owner an operator has to decide. */
  readonly contested: readonly { readonly name: string; readonly holders: string }[];
  /** A dry run of that commit; undefined when it could not be made in time. */
  readonly preflight: readonly PackageReport[] | undefined;
}

export type ScanAnswer = {
  readonly kind: 'scanned';
  readonly scan: RepositoryScan;
  readonly repository: Repository;
  /** Its pushes are noticed without a dispatcher: by webhook, or while catching up. */
  readonly hearsPushes: boolean;
};
export type ChangeAnswer = {
  readonly kind: 'changed';
  readonly repository: Repository;
  readonly changes: readonly string[];
};

/** What somebody wants of the workflow file that makes a repository tell its pushes. */
export interface DispatcherRequest {
  readonly slug: string;
  readonly kind: 'add' | 'remove';
  /** Merge the pull request, or have it merged as soon as that is allowed. */
  readonly merge: boolean;
  readonly by: Actor;
}

export interface DispatcherAnswer {
  readonly kind: 'asked';
  /** Set when the repository was made anew on GitHub and is followed by its new id from now on. */
  readonly change?: string;
  /** As it is after that: active once the pull request is merged. */
  readonly repository: Repository;
  readonly answer: RegistrationAnswer;
}

export interface ChangelogAnswer {
  readonly kind: 'changelog';
  readonly name: string;
  /** Undefined: the commits that are not published yet. */
  readonly version: string | undefined;
  /** Markdown as committed: hostile text. */
  readonly markdown: string;
  readonly wordedByModel: boolean;
  /** Of the entry that we made for this version, for wording it anew; undefined when it is not ours. */
  readonly entry: number | undefined;
}

/** What became of an entry that somebody wanted in other words. */
export type Regenerated =
  /** In the repository; what was published stays as it is. */
  | {
      readonly kind: 'rewritten';
      readonly repository: string;
      readonly commit: string;
      readonly changelog: ChangelogAnswer;
    }
  /** The same words came out. */
  | { readonly kind: 'unchanged' }
  /** Somebody changed the entry since, or it is not in the repository: it is left alone. */
  | { readonly kind: 'edited' }
  /** `detail` says what is in the way: a protected branch, no right to write, pushes of others. */
  | { readonly kind: 'not-written'; readonly detail: string };

export interface ProposedFixes {
  readonly kind: 'proposed-fixes';
  readonly packages: readonly ProposedPackage[];
}

export interface DriftAnswer {
  readonly kind: 'drift';
  /** Everything that is not plain equal or excluded, most urgent first. */
  readonly rows: readonly DriftRow[];
  readonly summary: DriftSummary;
  /** Epoch milliseconds of the oldest look-up among them; undefined when nothing was looked up yet. */
  readonly checkedAt: number | undefined;
}

/** See AuditPage. */
export interface AuditAnswer extends AuditPage {
  readonly kind: 'audit';
  /** Undefined: of everything. */
  readonly repository: string | undefined;
}

/** What people ask of the publisher. Nothing here throws for what is typed; a neighbour that is down is `refused`. */
export interface Operations {
  requestPublish(request: PublishRequest): Promise<Queued | NotFound | Refused>;
  planPublish(
    request: PublishRequest,
    signal: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Plan | NotFound | Refused>;
  /** Stores it as pending (or finds it) and looks at its head. Any form of a GitHub address. */
  scanRepository(address: string, by: Actor, signal: AbortSignal): Promise<ScanAnswer | NotFound | Refused>;
  changeRepository(
    slug: string,
    settings: RepositorySettings,
    by: Actor,
  ): Promise<ChangeAnswer | NotFound | Refused>;
  /** Opens the pull request that brings the dispatcher or takes it away, or finds it open. Activates by itself. */
  requestDispatcher(
    request: DispatcherRequest,
    signal: AbortSignal,
  ): Promise<DispatcherAnswer | NotFound | Refused>;
  /** Gives its names back; running jobs end. */
  removeRepository(slug: string, by: Actor): Promise<ChangeAnswer | NotFound>;
  /** An operator names the owner of a package name. */
  setOwner(name: string, slug: string, by: Actor): Promise<ChangeAnswer | NotFound | Refused>;
  describeOverview(): Promise<Overview>;
  describePackage(name: string): Promise<PackageHistory | NotFound>;
  describeRepository(slug: string): Promise<RepositoryHistory | NotFound>;
  describeJob(job: number): Promise<JobDetails | NotFound>;
  /** Of the version that `latest` leads to when undefined (what is not published yet, while nothing is), or `unreleased`. */
  readChangelog(
    name: string,
    version: string | undefined,
    signal: AbortSignal,
  ): Promise<ChangelogAnswer | NotFound | Refused>;
  /** Words the entry of a published version anew and writes it over the old one in its repository. */
  regenerateChangelog(
    entry: number,
    by: Actor,
    signal: AbortSignal,
  ): Promise<Regenerated | NotFound | Refused>;
  /** Both queue a failed job again: with packages of it let through, or with secrets allowed by their fingerprints. */
  publishAnyway: PreflightExceptions['publishAnyway'];
  allowSecrets: PreflightExceptions['allowSecrets'];
  /** One pull request for each package of a job that can be repaired without judgement, or the one that is there. */
  proposeFix(job: number, by: Actor, signal: AbortSignal): Promise<ProposedFixes | NotFound | Refused>;
  /** Who did what, newest first, about a repository or everything; beside a row of another page. */
  listAudit(id: RepositoryId | undefined, beside: AuditCursor | undefined): Promise<AuditAnswer | NotFound>;
  listDrift(repository: string | undefined): Promise<DriftAnswer | NotFound>;
  /** Looks at heads and registry again, then lists. `onProgress` gets packages done of all. */
  refreshDrift(
    repository: string | undefined,
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<DriftAnswer | NotFound | Refused>;
  /** Soonest first, those that are off at the end. */
  listScheduledJobs(): Promise<readonly ScheduledJobState[]>;
  /** Resolves when the run has ended. */
  runScheduledJob(name: string, by: Actor): Promise<AskedRun>;
  /** On or off; false when that is for the settings alone. */
  turnScheduledJob(name: string, isOn: boolean, by: Actor): Promise<boolean>;
  /** Writes down that somebody tried what they may not. */
  auditRefusal(by: Actor, what: string): Promise<void>;
}
