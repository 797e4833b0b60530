import { z } from 'zod';
import type { Failure, RenderedFailure } from '../failure/failure.ts';
import type { Integrity } from '../package/packument.ts';
import type { CommitSha, PublishMode, RepositoryId, Slug } from '../repository/repository.ts';

/** States in which a package can end, in the words of the contract. */
export const packageStates = [
  'published',
  'skipped',
  'unchanged',
  'excluded',
  'failed',
  'held',
  'withdrawn',
  'not-attempted',
] as const;
export type PackageState = (typeof packageStates)[number];

export const jobStatuses = [
  'queued',
  'running',
  'published',
  'nothing-to-publish',
  'partially-failed',
  'failed',
  'cancelled',
  'shadowed',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** A field that stored JSON leaves out when it is undefined. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().prefault(undefined);
}

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).readonly();
}

export const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['block', 'warn', 'info']),
  file: z.string().exactOptional(),
  line: z.number().exactOptional(),
  /**
   * What the finding is about besides the file, where one file can have several: a GUID, a dependency, another package.
   */
  subject: z.string().exactOptional(),
  /** Identifies a secret without revealing it. */
  fingerprint: z.string().exactOptional(),
  /** One sentence that includes the fix. */
  message: z.string(),
  /**
   * Why the finding counts for less than its rule says. `ratchet`: the previous published version had it already;
   * `repair`: the tarball does not have it any more, but the commit does.
   */
  loweredBy: z.enum(['repository', 'ratchet', 'operator', 'repair']).exactOptional(),
});
export type Finding = Readonly<z.output<typeof findingSchema>>;

/** A version that has to be on the registry first. */
const awaitedSchema = z.object({ name: z.string(), version: z.string() });
export type AwaitedVersion = Readonly<z.output<typeof awaitedSchema>>;

/** Why a package is held. */
const waitingSchema = z.object({
  /** Branch on which the package's commit was found. */
  branch: z.string(),
  /** Versions that the package waits for; never empty. */
  awaits: listOf(awaitedSchema),
});
export type Waiting = Readonly<z.output<typeof waitingSchema>>;

/** An operator's decision to let a version through in spite of what preflight found. */
const overrideSchema = z.object({
  /** Who decided, as the audit trail names people. */
  by: z.string(),
  /** The reason in the operator's own words; hostile text. */
  reason: z.string(),
  /** Number of blocking findings at that time. */
  count: z.number(),
});
export type Override = Readonly<z.output<typeof overrideSchema>>;

/** One package of one job, as it is stored; fields that older rows lack get their default. */
export const packageResultSchema = z.object({
  /** The manifest's name, or the path where the name cannot be read. */
  name: z.string(),
  /** Folder of the package; '' for the root. */
  path: z.string(),
  state: z.enum(packageStates),
  version: maybe(z.string()),
  previousVersion: maybe(z.string()),
  /** Why the package was skipped, unchanged or excluded, in one sentence; a failure has `failure` instead. */
  note: maybe(z.string()),
  failure: maybe(z.custom<Failure>()),
  distTag: maybe(z.string()),
  integrity: maybe(z.custom<Integrity>()),
  tarballBytes: maybe(z.number()),
  findings: listOf(findingSchema).default([]),
  warnings: listOf(z.string()).default([]),
  /** The version's entry in CHANGELOG.md, without its heading; hostile text. */
  changelog: maybe(z.string()),
  /** True when a model put the commits into words. */
  wordedByModel: z.boolean().default(false),
  /** Files of the tarball that the commit lacks or has with other contents; relative to the package. */
  additions: listOf(z.string()).default([]),
  /** Set when an operator let the version through. */
  override: overrideSchema.exactOptional(),
  /** Set while the package is held. */
  waiting: waitingSchema.exactOptional(),
});
export type PackageResult = Readonly<z.output<typeof packageResultSchema>>;

export interface DispatchRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** Path of one package; '' means every package. Normalised: no leading or trailing slash, no package.json. */
  readonly packagePath: string;
  /** For information only. */
  readonly branch: string | undefined;
  readonly commitMessage: string | undefined;
  readonly commitAuthor: string | undefined;
  /** `event` or a person's handle. */
  readonly requestedBy: string;
  readonly allowLower: boolean;
  /**
   * True when a person named the whole repository: every candidate is judged, changed or not. When left out, only what
   * changed is judged.
   */
  readonly everything?: boolean;
}

/** A claimed job with everything that the pipeline needs to know about it. */
export interface Job {
  /** Shown as #123. */
  readonly number: number;
  readonly dispatchId: string;
  readonly attempt: number;
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly mode: PublishMode;
  readonly branches: readonly string[];
  readonly scopes: readonly string[];
  readonly commit: CommitSha;
  readonly packagePath: string;
  readonly allowLower: boolean;
  /** True when every candidate is judged, changed or not. */
  readonly everything: boolean;
  /** Folders of the only packages that are judged, since what they waited for arrived. Left out for all other jobs. */
  readonly onlyPaths?: readonly string[];
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** As the dispatch says; hostile text. */
  readonly commitAuthor: string | undefined;
  /**
   * Commit with which the dispatch is compared, fixed when it is judged for the first time; null when there is none and
   * everything counts as changed.
   */
  readonly base: CommitSha | null | undefined;
}

export const packageReportSchema = z.object({
  name: z.string(),
  version: z.string().nullable(),
  previousVersion: z.string().nullable(),
  path: z.string().describe('Folder of the package; empty for the root'),
  outcome: z.enum(packageStates),
  reason: z.string().nullable(),
  title: z.string().nullable(),
  remedy: z.string().nullable(),
  distTag: z.string().nullable(),
  integrity: z.string().nullable(),
  tarballBytes: z.number().nullable(),
  findings: listOf(findingSchema),
  changelog: z.string().nullable().describe('The entry of this version, Markdown'),
  wordedByModel: z.boolean(),
  additions: listOf(z.string()).describe('Files of the tarball that differ from the commit'),
  warnings: listOf(z.string()),
  /** Left out when no operator let the version through. */
  override: overrideSchema.exactOptional(),
});
export type PackageReport = Readonly<z.output<typeof packageReportSchema>>;

export const stageTimeSchema = z.object({
  stage: z.string(),
  /** Name of the package, when the stage belongs to one. */
  package: maybe(z.string()),
  attempt: z.int(),
  startedAt: z.number(),
  durationMs: maybe(z.number()),
});
export type StageTime = Readonly<z.output<typeof stageTimeSchema>>;

export const jobReportSchema = z.object({
  job: z.int(),
  status: z.enum(jobStatuses),
  /** A neighbour's name, or what the job waits for; null while it runs or is final. */
  waitingFor: z.string().nullable(),
  attempts: z.int(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
  failure: z.custom<RenderedFailure>().nullable(),
  stages: listOf(stageTimeSchema),
  packages: listOf(packageReportSchema),
});
export type JobReport = Readonly<z.output<typeof jobReportSchema>>;

export const dispatchReportSchema = z.object({
  id: z.string(),
  repository: z.string(),
  commit: z.string(),
  packagePath: z.string(),
  jobs: listOf(jobReportSchema),
});
export type DispatchReport = Readonly<z.output<typeof dispatchReportSchema>>;
