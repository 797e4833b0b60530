import { unreleased } from '../../src/domain/changelog.ts';
import type { DriftKind, DriftRow, DriftSummary } from '../../src/domain/drift.ts';
import { driftKinds } from '../../src/domain/drift.ts';
import { failure, renderFailure } from '../../src/domain/failure.ts';
import type { JobReport, JobStatus, PackageReport } from '../../src/domain/report.ts';
import type { Repository, RepositoryId, Slug } from '../../src/domain/repository.ts';
import type { BotMemory } from '../../src/ports/bot-memory.ts';
import type { ExceptionRequest } from '../../src/ports/preflight-exceptions.ts';
import type { RegistrationAnswer } from '../../src/publisher/github/registration.ts';
import type {
  DispatcherRequest,
  JobLine,
  NotFound,
  Operations,
  Overview,
  Proposals,
  PublishRequest,
  Queued,
  Refused,
  RepositorySettings,
  ScheduledJobState,
  Suggestions,
} from '../../src/publisher/operations/operations.ts';

export const commit = 'abcdef0123456789abcdef0123456789abcdef01';
export const now = 1_800_000_000_000;

/** A publisher in memory: what commands ask for is answered from lists that a test fills, and written down. */
export interface FakePublisher {
  readonly operations: Operations;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
  readonly memory: BotMemory;
  /** Answers instead of the built-in ones. */
  override: Partial<Operations & Suggestions>;
  repositories: Repository[];
  rows: DriftRow[];
  jobs: Map<number, JobReport>;
  owners: Map<string, string>;
  contested: { readonly name: string; readonly holders: string }[];
  /** What a dry run of a head that is looked at finds. */
  preflight: readonly PackageReport[] | undefined;
  readonly requests: PublishRequest[];
  readonly changes: { readonly slug: string; readonly settings: RepositorySettings; readonly by: string }[];
  readonly removed: string[];
  /** Pull requests that were asked for. */
  readonly dispatchers: DispatcherRequest[];
  /** What GitHub makes of the next one. */
  dispatcherAnswer: RegistrationAnswer;
  hearsPushes: boolean;
  /** What was let through. */
  readonly exceptions: ExceptionRequest[];
  readonly refusals: { readonly by: string; readonly what: string }[];
  /** What the clock of the proposals has moved on. */
  ageMs: number;
  /** How often anything that changes state was called. */
  countChanges(): number;
}

export function notFound(what: NotFound['what'], asked: string, closest?: string): NotFound {
  return { kind: 'not-found', what, asked: asked.slice(0, 200), closest };
}

export function refused(...args: Parameters<typeof failure>): Refused {
  return { kind: 'refused', failure: renderFailure(failure(...args)) };
}

export function repository(slug: string, extra: Partial<Repository> = {}): Repository {
  const base = {
    id: 1 as RepositoryId,
    status: 'active',
    mode: 'live',
    branches: [],
    scopes: [],
    rules: {},
    fixes: 'off',
  } as const;
  return { ...base, slug: slug as Slug, ...extra };
}

/** Pull request #7, and what became of merging it. */
export function opened(merge: Extract<RegistrationAnswer, { kind: 'opened' }>['merge']): RegistrationAnswer {
  const state = merge?.kind === 'merged' ? 'merged' : 'open';
  const pullRequest = { number: 7, url: 'https://git.studio.test/studio/one/pull/7', state } as const;
  return { kind: 'opened', pullRequest, merge };
}

export function row(name: string, kind: DriftKind, extra: Partial<DriftRow> = {}): DriftRow {
  return {
    repository: 'studio/one',
    path: `packages/${name}`,
    name,
    headVersion: '1.2.0',
    latest: kind === 'never-published' ? undefined : '1.1.0',
    kind,
    detail: undefined,
    isPublishable: kind === 'ahead' || kind === 'never-published',
    checkedAt: now,
    ...extra,
  };
}

export function packageReport(name: string, extra: Partial<PackageReport> = {}): PackageReport {
  return {
    name,
    version: '1.2.0',
    previousVersion: '1.1.0',
    path: `packages/${name}`,
    outcome: 'published',
    reason: null,
    title: null,
    remedy: null,
    distTag: 'latest',
    integrity: null,
    tarballBytes: null,
    findings: [],
    changelog: null,
    wordedByModel: false,
    additions: [],
    warnings: [],
    ...extra,
  };
}

export function jobReport(job: number, extra: Partial<JobReport> = {}): JobReport {
  return {
    job,
    status: 'published',
    waitingFor: null,
    attempts: 1,
    createdAt: now,
    finishedAt: now + 3_200,
    failure: null,
    stages: [],
    packages: [packageReport('com.studio.core')],
    ...extra,
  };
}

export function jobLine(job: number, extra: Partial<JobLine> = {}): JobLine {
  return {
    job,
    repository: 'studio/one',
    commit,
    status: 'published',
    waitingFor: null,
    requestedBy: 'event',
    at: now,
    durationMs: 3_200,
    ...extra,
  };
}

export function summarise(rows: readonly DriftRow[]): DriftSummary {
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, 0])) as Record<DriftKind, number>;
  for (const { kind } of rows) counts[kind] += 1;
  return counts;
}

export function overview(extra: Partial<Overview> = {}): Overview {
  const ok = { state: 'ok', since: new Date(now).toISOString(), why: null } as const;
  return {
    readiness: { store: ok, queue: ok, registry: ok, github: ok, discord: ok, gemini: ok },
    queued: 0,
    running: 0,
    parked: 0,
    owedChangelogs: 0,
    repositories: { pending: 0, active: 1, disabled: 0 },
    lastJobs: [],
    drift: summarise([]),
    waitsForPerson: [],
    scheduledJobs: [],
    ...extra,
  };
}

interface KeptProposal {
  readonly proposal: string;
  readonly by: string;
  readonly at: number;
  payload: unknown;
  usedBy: string | undefined;
  note: string;
}

const dayMs = 24 * 3_600_000;

export function buildFakePublisher(): FakePublisher {
  const kept = new Map<string, string>();
  const fake: FakePublisher = {
    operations: overridden(
      () => fake,
      buildOperations(() => fake),
    ),
    suggestions: overridden(
      () => fake,
      buildSuggestions(() => fake),
    ),
    proposals: buildProposals(() => fake),
    memory: {
      find: async (key) => kept.get(key),
      remember: async (key, value) => void kept.set(key, value),
    },
    override: {},
    repositories: [repository('studio/one'), repository('studio/two')],
    rows: [],
    jobs: new Map(),
    owners: new Map(),
    contested: [],
    preflight: [],
    requests: [],
    changes: [],
    removed: [],
    dispatchers: [],
    dispatcherAnswer: opened(undefined),
    hearsPushes: true,
    exceptions: [],
    refusals: [],
    ageMs: 0,
    countChanges: () =>
      fake.requests.length +
      fake.changes.length +
      fake.removed.length +
      fake.dispatchers.length +
      fake.exceptions.length +
      fake.owners.size,
  };
  return fake;
}

/** Each method answers what the test says, if it says something. */
function overridden<Port extends object>(fake: () => FakePublisher, port: Port): Port {
  return new Proxy(port, {
    get: (target, name) => Reflect.get(fake().override, name) ?? Reflect.get(target, name),
  });
}

function buildOperations(self: () => FakePublisher): Operations {
  const findRepository = (slug: string) =>
    self().repositories.find((known) => known.slug.toLowerCase() === slug.toLowerCase());
  const closestPackage = (name: string) =>
    self().rows.find((known) => known.name.startsWith(name.slice(0, 8)))?.name;

  function find(request: PublishRequest): Repository | NotFound {
    const { target } = request;
    if (target.kind === 'repository') {
      return findRepository(target.slug) ?? notFound('repository', target.slug, self().repositories[0]?.slug);
    }
    const known = self().rows.find((item) => item.name === target.name);
    return (
      findRepository(known?.repository ?? '') ?? notFound('package', target.name, closestPackage(target.name))
    );
  }

  function queue(request: PublishRequest, slug: string): Queued {
    self().requests.push(request);
    const job = 100 + self().requests.length;
    return {
      kind: 'queued',
      job,
      dispatchId: `dispatch-${job}`,
      repository: slug,
      commit,
      status: 'queued',
      position: self().requests.length,
      duplicate: false,
    };
  }

  function listDrift(slug: string | undefined) {
    if (slug !== undefined && findRepository(slug) === undefined) return notFound('repository', slug);
    const rows = self().rows.filter((item) => slug === undefined || item.repository === slug);
    const differing = rows.filter((item) => item.kind !== 'equal' && item.kind !== 'excluded');
    return { kind: 'drift', rows: differing, summary: summarise(rows), checkedAt: now } as const;
  }

  return {
    requestPublish: async (request) => {
      const found = find(request);
      return 'kind' in found ? found : queue(request, found.slug);
    },
    proposeFix: async (job) => ({
      kind: 'proposed-fixes',
      packages: [{ kind: 'refused', name: `#${job}`, detail: 'Nobody answers here.' }],
    }),
    planPublish: async (request) => {
      const found = find(request);
      if ('kind' in found) return found;
      const rows = self().rows.filter((item) => item.repository === found.slug && item.isPublishable);
      const packages = rows.map((item) => packageReport(item.name));
      return { kind: 'plan', repository: found.slug, commit, branch: 'main', packages };
    },
    scanRepository: async (address) => {
      const found = findRepository(address.replace(/^https:\/\/github\.com\//, ''));
      if (found === undefined) return refused('repository-forbidden', { repository: address.slice(0, 200) });
      const packages = self().rows.filter((item) => item.repository === found.slug);
      const { contested, preflight } = self();
      const scan = { repository: found.slug, commit, branch: 'main', packages, contested, preflight };
      return { kind: 'scanned', scan, repository: found, hearsPushes: self().hearsPushes };
    },
    changeRepository: async (slug, settings, by) => {
      const found = findRepository(slug);
      if (found === undefined) return notFound('repository', slug, self().repositories[0]?.slug);
      self().changes.push({ slug, settings, by });
      const changes = Object.entries(settings).map(([key, value]) => `${key}: ${String(value)}`);
      return { kind: 'changed', repository: found, changes };
    },
    removeRepository: async (slug) => {
      const found = findRepository(slug);
      if (found === undefined) return notFound('repository', slug);
      self().removed.push(slug);
      return { kind: 'changed', repository: found, changes: ['2 names given back'] };
    },
    requestDispatcher: async (request) => {
      const found = findRepository(request.slug);
      if (found === undefined) return notFound('repository', request.slug);
      self().dispatchers.push(request);
      return { kind: 'asked', repository: found, answer: self().dispatcherAnswer };
    },
    setOwner: async (name, slug) => {
      const found = findRepository(slug);
      if (found === undefined) return notFound('repository', slug);
      self().owners.set(name, slug);
      return { kind: 'changed', repository: found, changes: [`owns ${name}`] };
    },
    describeOverview: async () => overview({ drift: summarise(self().rows) }),
    describePackage: async (name) => {
      const rows = self().rows.filter((item) => item.name === name);
      if (rows.length === 0) return notFound('package', name, closestPackage(name));
      return { kind: 'package', rows, owner: self().owners.get(name), publishes: [] };
    },
    describeRepository: async (slug) => {
      const found = findRepository(slug);
      if (found === undefined) return notFound('repository', slug, self().repositories[0]?.slug);
      const drift = self().rows.filter((item) => item.repository === found.slug);
      return { kind: 'repository', repository: found, drift, jobs: [jobLine(7)] };
    },
    describeJob: async (job) => {
      const report = self().jobs.get(job);
      if (report === undefined) return notFound('job', `#${job}`);
      return { kind: 'job', repository: 'studio/one', commit, requestedBy: 'discord:42', report };
    },
    readChangelog: async (name, version) => {
      const known = self().rows.find((item) => item.name === name);
      if (known === undefined) return notFound('package', name, closestPackage(name));
      const shown = version === unreleased ? undefined : (version ?? '1.1.0');
      return {
        kind: 'changelog',
        name,
        version: shown,
        markdown: '## Added\n- a thing',
        wordedByModel: false,
        entry: shown === undefined ? undefined : 7,
      };
    },
    regenerateChangelog: async () => ({ kind: 'unchanged' }),
    publishAnyway: async (request) => {
      self().exceptions.push(request);
      return { kind: 'queued', job: 200 + self().exceptions.length };
    },
    allowSecrets: async (request) => {
      self().exceptions.push(request);
      return { kind: 'queued', job: 200 + self().exceptions.length };
    },
    listAudit: async () => ({
      kind: 'audit',
      repository: undefined,
      rows: [],
      older: undefined,
      newer: undefined,
    }),
    listDrift: async (slug) => listDrift(slug),
    refreshDrift: async (slug, onProgress) => {
      onProgress(1, self().rows.length);
      return listDrift(slug);
    },
    listScheduledJobs: async () => [],
    runScheduledJob: async () => ({ kind: 'unknown' }),
    turnScheduledJob: async () => false,
    auditRefusal: async (by, what) => void self().refusals.push({ by, what }),
  };
}

function buildSuggestions(self: () => FakePublisher): Suggestions {
  const matching = (values: readonly string[], typed: string) =>
    [...new Set(values.filter((value) => value.includes(typed)))].slice(0, 25);
  return {
    suggestPackages: async (typed) =>
      matching(
        self().rows.map((item) => item.name),
        typed,
      ),
    suggestRepositories: async (typed) =>
      matching(
        self().repositories.map((item) => item.slug),
        typed,
      ),
    suggestVersions: async (name, typed) =>
      matching(name === 'com.studio.core' ? ['1.1.0', '1.0.0'] : [], typed),
    suggestRefs: async (of, typed) => matching(of === undefined ? ['main'] : ['main', 'release/1.x'], typed),
    suggestJobs: async (typed) =>
      [...self().jobs.keys()]
        .filter((job) => String(job).startsWith(typed))
        .map((job) => ({ job, label: `#${job} published studio/one` })),
  };
}

function buildProposals(self: () => FakePublisher): Proposals {
  const proposals: KeptProposal[] = [];
  const fresh = (id: number): KeptProposal | undefined => {
    const found = proposals[id - 1];
    return found === undefined || self().ageMs - found.at > dayMs ? undefined : found;
  };
  return {
    add: async (proposal, by, payload) => {
      // As it comes back from a database.
      const plain = JSON.parse(JSON.stringify(payload)) as unknown;
      proposals.push({ proposal, by, payload: plain, at: self().ageMs, usedBy: undefined, note: '' });
      return proposals.length;
    },
    take: async (id, by) => {
      const found = fresh(id);
      if (found === undefined) return undefined;
      if (found.usedBy !== undefined) return { kind: 'used', by: found.usedBy, note: found.note };
      found.usedBy = by;
      return { kind: 'taken', proposal: found.proposal, payload: found.payload };
    },
    close: async (id, note) => {
      const found = proposals[id - 1];
      if (found !== undefined) found.note = note;
    },
    find: async (id) => fresh(id),
    update: async (id, payload) => {
      const found = fresh(id);
      if (found !== undefined) found.payload = payload;
    },
  };
}

export const everyStatus: readonly JobStatus[] = [
  'queued',
  'running',
  'published',
  'nothing-to-publish',
  'partially-failed',
  'failed',
  'cancelled',
  'shadowed',
];

/** A scheduled job that never ran, an hour before it does. */
export function scheduledJob(name: string, extra: Partial<ScheduledJobState> = {}): ScheduledJobState {
  return {
    name,
    about: `Does what ${name} says`,
    schedule: '0 2 * * *',
    isTurnedOn: undefined,
    nextAt: now + 3_600_000,
    runningSince: undefined,
    lastRun: undefined,
    ...extra,
  };
}
