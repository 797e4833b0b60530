import { z } from 'zod';
import type { Failure, RenderedFailure } from '../failure/failure.ts';
import type { Integrity } from '../package/packument.ts';
import type { CommitSha, PublishMode, RepositoryId, Slug } from '../repository/repository.ts';

/** States a package can end in (the contract's words), and `queued`/`running` while its job lives. */
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

/** Absent from stored JSON when it is undefined. */
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
  /** What it is about besides the file, where a file can have several: a GUID, a dependency, another package. */
  subject: z.string().exactOptional(),
  /** Of a secret: tells it apart from every other without telling it. */
  fingerprint: z.string().exactOptional(),
  /** One sentence with the fix. */
  message: z.string(),
  /**
   * Why it counts for less than its rule says; `ratchet`: the previous published version had it already; `repair`: the
   * tarball does not have it any more, the commit does.
   */
  loweredBy: z.enum(['repository', 'ratchet', 'operator', 'repair']).exactOptional(),
});
export type Finding = Readonly<z.output<typeof findingSchema>>;

/** A version that has to be on the registry first. */
const awaitedSchema = z.object({ name: z.string(), version: z.string() });
export type AwaitedVersion = Readonly<z.output<typeof awaitedSchema>>;

/** Why a package is held. */
const waitingSchema = z.object({
  /** Where its commit was found. */
  branch: z.string(),
  /** Never empty. */
  awaits: listOf(awaitedSchema),
});
export type Waiting = Readonly<z.output<typeof waitingSchema>>;

/** An operator let a version through in spite of what preflight found. */
const overrideSchema = z.object({
  /** Who, as the audit trail names people. */
  by: z.string(),
  /** In their own words; hostile text. */
  reason: z.string(),
  /** Blocking findings at that time. */
  count: z.number(),
});
export type Override = Readonly<z.output<typeof overrideSchema>>;

/** One package of one job, as it is stored; what older rows lack gets its default. */
export const packageResultSchema = z.object({
  /** The manifest's name, or the path where the name cannot be read. */
  name: z.string(),
  /** Folder of the package; '' for the root. */
  path: z.string(),
  state: z.enum(packageStates),
  version: maybe(z.string()),
  previousVersion: maybe(z.string()),
  /** Why it was skipped, unchanged or excluded, in one sentence; failures carry `failure`. */
  note: maybe(z.string()),
  failure: maybe(z.custom<Failure>()),
  distTag: maybe(z.string()),
  integrity: maybe(z.custom<Integrity>()),
  tarballBytes: maybe(z.number()),
  findings: listOf(findingSchema).default([]),
  warnings: listOf(z.string()).default([]),
  /** The version's entry in CHANGELOG.md, without its heading; hostile text. */
  changelog: maybe(z.string()),
  /** A model put the commits into words. */
  wordedByModel: z.boolean().default(false),
  /** Files of the tarball that are not, or not like this, in the commit; relative to the package. */
  additions: listOf(z.string()).default([]),
  /** Set when an operator let it through. */
  override: overrideSchema.exactOptional(),
  /** Set while it is held. */
  waiting: waitingSchema.exactOptional(),
});
export type PackageResult = Readonly<z.output<typeof packageResultSchema>>;

export interface DispatchRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** '' means every package. Normalised: no leading or trailing slash, no package.json. */
  readonly packagePath: string;
  /** Informational only. */
  readonly branch: string | undefined;
  readonly commitMessage: string | undefined;
  readonly commitAuthor: string | undefined;
  /** `event` or a person's handle. */
  readonly requestedBy: string;
  readonly allowLower: boolean;
  /** A person named the whole repository: every candidate is judged, changed or not. Left out: what changed. */
  readonly everything?: boolean;
}

/** A claimed job with all that the pipeline needs to know about it. */
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
  /** Every candidate is judged, changed or not. */
  readonly everything: boolean;
  /** Only the packages in these folders are judged: what they waited for arrived. Left out for all others. */
  readonly onlyPaths?: readonly string[];
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** As the dispatch says; hostile text. */
  readonly commitAuthor: string | undefined;
  /** Commit the dispatch is compared with, fixed at its first judging; null = judged first time, everything counts. */
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
  /** Left out when nobody let it through. */
  override: overrideSchema.exactOptional(),
});
export type PackageReport = Readonly<z.output<typeof packageReportSchema>>;

export const stageTimeSchema = z.object({
  stage: z.string(),
  /** Which package, when the stage belongs to one. */
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
