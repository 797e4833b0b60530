import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultProxy, startFaultProxy } from '../../../sandbox/fault-proxy.ts';
import { type GitHost, startGitHost } from '../../../sandbox/git-host.ts';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { startRegistry } from '../../../sandbox/registry.ts';
import { commitFiles, type TreeFiles, unityPackage } from '../../../sandbox/unity-repository.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { openFollower, openForPeople } from '../../../src/app/open-for-people.ts';
import { closeParts, openParts } from '../../../src/app/open-parts.ts';
import { openRun } from '../../../src/app/open-pipeline.ts';
import type { AppDeps, Parts } from '../../../src/app/parts.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { Job } from '../../../src/domain/job/report.ts';
import type {
  CommitSha,
  RepositoryEntry,
  RepositoryId,
  Slug,
} from '../../../src/domain/repository/repository.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { Registrar } from '../../../src/publisher/github/registration.ts';
import type { Operations, PublishRequest } from '../../../src/publisher/operations/operations.ts';
import type { Readiness } from '../../../src/publisher/queue/readiness.ts';
import { runJob } from '../../../src/publisher/queue/run-job.ts';
import type { CatalogFollower } from '../../../src/publisher/watch/catalog/follow.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
const ok = { state: 'ok', since: null, why: null } as const;
const readiness: Readiness = {
  store: ok,
  queue: ok,
  registry: ok,
  github: ok,
  discord: ok,
  gemini: ok,
};

/** What people can ask for, run inside the test, on a real git host, registry and database. */
export interface Studio {
  /** The folder of DATA_DIR. */
  readonly folder: string;
  readonly host: GitHost;
  readonly proxy: FaultProxy;
  /** Address and token of the registry past the proxy, for publishing without us. */
  readonly elsewhere: { readonly registry: string; readonly token: string };
  readonly parts: Parts;
  readonly operations: Operations;
  readonly follower: CatalogFollower;
  /** Ids of repositories that the operations reported as activated. */
  readonly activated: RepositoryId[];
  /** Answers requests for pull requests; a test sets the answer. */
  readonly registrar: { request: Registrar['request'] };
  /** Adds a repository on the git host; registers it when there is an entry. */
  addRepository(slug: string, entry?: Partial<RepositoryEntry>): Promise<void>;
  commit(slug: string, files: TreeFiles, branch?: string): CommitSha;
  /** Returns the last commit of the default branch. */
  tip(slug: string): string;
  /** Publishes straight to the registry, past the publisher. */
  seed(name: string, version: string, fields?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Claims and runs whatever is due, as the worker would. */
  runJobs(): Promise<readonly Job[]>;
  stop(): Promise<void>;
}

export async function startStudio(): Promise<Studio> {
  const folder = await mkdtemp(join(tmpdir(), 'upm-studio-'));
  const [host, registry] = await Promise.all([
    startGitHost({ folder: join(folder, 'git') }),
    startRegistry({ folder: join(folder, 'registry') }),
  ]);
  const proxy = await startFaultProxy({ target: registry.url });
  const loaded = loadConfig(
    {
      DATA_DIR: join(folder, 'data'),
      GITHUB_SERVER_URL: host.url,
      GITHUB_API_URL: host.url,
      GITHUB_TOKEN: 'sandbox-git-token',
      GITHUB_OWNERS: 'studio,partner',
      DISPATCH_SECRET: 'sandbox-dispatch-secret',
      UPM_REGISTRY: proxy.url,
      NPM_TOKEN: registry.token,
      PACKAGE_SCOPES: 'com.studio',
    },
    folder,
  );
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  const deps: AppDeps = {
    ...loaded,
    clock: systemClock,
    logger: { ...silent, ofJob: () => [] },
    redact: (text) => text,
  };
  const parts = await openParts(deps);
  const bares = new Map<string, string>();
  const activated: RepositoryId[] = [];
  const registrar: Studio['registrar'] = { request: async () => ({ kind: 'nothing-to-change' }) };
  const { operations } = openForPeople(deps, parts, {
    cancelRunning: () => false,
    registrar: { request: async (request) => registrar.request(request, never) },
    schedule: { list: async () => [], runNow: async () => ({ kind: 'unknown' }), turn: async () => false },
    readiness: async () => readiness,
    onAccepted: () => undefined,
    onActivated: (id) => void activated.push(id),
  });
  const follower = openFollower(deps, parts);
  const run = openRun(parts.pipeline, {
    holds: parts.store.holds,
    outages: { report: () => undefined },
    deadlineMs: 60_000,
  });
  return {
    folder: join(folder, 'data'),
    host,
    proxy,
    elsewhere: { registry: registry.url, token: registry.token },
    parts,
    operations,
    follower,
    activated,
    registrar,
    addRepository: async (slug, entry) => {
      bares.set(slug, await host.createRepository(slug));
      if (entry === undefined) return;
      await parts.store.repositories.addUnknown([{ status: 'active', ...entry, slug: slug as Slug }]);
    },
    commit: (slug, files, branch = 'main') =>
      commitFiles(bares.get(slug) ?? '', { files, branch }) as CommitSha,
    tip: (slug) => gitSync(['-C', bares.get(slug) ?? '', 'rev-parse', 'refs/heads/main']),
    seed: async (name, version, fields = {}) => {
      const file = `${name}-${version}.tgz`;
      const dist = { integrity: `sha512-${'A'.repeat(86)}==`, tarball: `${registry.url}${name}/-/${file}` };
      const body = {
        _id: name,
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...fields, name, version, dist } },
        _attachments: { [file]: { content_type: 'application/octet-stream', data: 'AAAA', length: 3 } },
      };
      const answer = await fetch(`${registry.url}${name}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${registry.token}` },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${name}@${version} was not seeded: ${answer.status}`);
    },
    runJobs: async () => {
      const jobs: Job[] = [];
      for (;;) {
        const job = await parts.store.queue.claim([]);
        if (job === undefined) return jobs;
        jobs.push(job);
        await runJob(run, job, { stop: never, cancel: never });
      }
    },
    stop: async () => {
      await follower.stop();
      await closeParts(parts);
      await Promise.all([proxy.stop(), host.stop()]);
      await registry.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes a package in its own folder. */
export function packageFiles(name: string, version: string, more: Record<string, unknown> = {}): TreeFiles {
  return unityPackage(name, version, { folder: `Packages/${name}`, manifest: more });
}

/** Makes only a manifest: enough for looking, not for publishing. */
export function manifestFile(name: string, version: string, more: Record<string, unknown> = {}): TreeFiles {
  return { [`Packages/${name}/package.json`]: JSON.stringify({ name, version, ...more }) };
}

export function ask(target: PublishRequest['target'], more: Partial<PublishRequest> = {}): PublishRequest {
  return { target, ref: undefined, allowLower: false, by: 'discord:7', ...more };
}
