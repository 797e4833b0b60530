import { unreleased } from '../../src/domain/changelog/changelog.ts';
import type { Repository } from '../../src/domain/repository/repository.ts';
import type {
  NotFound,
  Operations,
  PublishRequest,
  Queued,
} from '../../src/publisher/operations/operations.ts';
import type { FakePublisher } from './fake-publisher.ts';
import {
  commit,
  jobLine,
  notFound,
  now,
  overview,
  packageReport,
  refused,
  summarise,
} from './sample-answers.ts';

/** Answers from the lists of a fake publisher, and records what would change something. */
export function buildOperations(self: () => FakePublisher): Operations {
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
      return { kind: 'package', rows, owner: self().owners.get(name), publishes: [], held: [] };
    },
    describeRepository: async (slug) => {
      const found = findRepository(slug);
      if (found === undefined) return notFound('repository', slug, self().repositories[0]?.slug);
      const drift = self().rows.filter((item) => item.repository === found.slug);
      return { kind: 'repository', repository: found, drift, jobs: [jobLine(7)], held: [] };
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
