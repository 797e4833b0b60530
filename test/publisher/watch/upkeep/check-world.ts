import type {
  CheckedName,
  DailyCheck,
  StoredVersion,
} from '../../../../src/domain/announcement/daily-check.ts';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import { NameRefusal } from '../../../../src/domain/failure/name-trouble.ts';
import type { OpenFailure } from '../../../../src/domain/job/open-failure.ts';
import type { LiveJob } from '../../../../src/domain/job/work-summary.ts';
import type {
  CatalogRegistryState,
  CatalogRow,
  HeadPackage,
  Lookup,
  RepositoryHead,
} from '../../../../src/domain/package/catalog.ts';
import type { Integrity, Packument } from '../../../../src/domain/package/packument.ts';
import { highestOf, isPrerelease } from '../../../../src/domain/package/version.ts';
import type {
  CommitSha,
  Repository,
  RepositoryId,
  Slug,
} from '../../../../src/domain/repository/repository.ts';
import type { DailyCheckDeps } from '../../../../src/publisher/watch/upkeep/daily-check.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const id = 1 as RepositoryId;
const slug = 'studio/packages' as Slug;

export function integrityOf(text: string): Integrity {
  return `sha512-${Buffer.from(text).toString('base64')}` as Integrity;
}

/** Makes a packument with the integrities that `publish` records, and with `latest` where it belongs. */
export function packumentOf(name: string, versions: readonly string[]): Packument {
  const stable = versions.filter((version) => !isPrerelease(version));
  const latest = highestOf(stable.length > 0 ? stable : versions) ?? '';
  const entries = versions.map(
    (version) => [version, { version, integrity: integrityOf(`${name}@${version}`) }] as const,
  );
  return { name, versions: new Map(entries), distTags: { latest }, repositoryUrl: undefined };
}

export function openFailure(more: {
  readonly names: readonly string[];
  readonly isDismissed?: boolean;
}): OpenFailure {
  return {
    job: 5,
    dispatchId: 'd',
    repositoryId: id,
    repository: slug,
    commit: 'a'.repeat(40),
    pusher: null,
    finishedAt: 0,
    title: undefined,
    packages: more.names.map((name) => ({ name, version: '1.1.0', title: 'refused' })),
    isRetryable: true,
    isDismissed: more.isDismissed ?? false,
  };
}

/** One repository, its ledger and a registry, in memory; only the ports. */
export interface CheckWorld {
  readonly deps: DailyCheckDeps;
  repository: Repository & { readonly repositoryId: RepositoryId; readonly repository: Slug };
  readonly live: LiveJob[];
  readonly failures: OpenFailure[];
  /** Branches whose head somebody looked at. */
  readonly seen: Set<string>;
  readonly registry: Map<string, Packument | 'fails' | 'refuses' | undefined>;
  /** What is served instead of what was published, by `name@version`. */
  readonly served: Map<string, Integrity | 'unreadable'>;
  now: number;
  isHostDown: boolean;
  commit(name: string, version: string): void;
  breakManifest(name: string): void;
  remove(name: string): void;
  publish(name: string, version: string): void;
  /** Returns the number of look-ups so far. */
  asked(): number;
}

export function buildCheckWorld(): CheckWorld {
  const files = new Map<string, string>();
  const stored: StoredVersion[] = [];
  const kept = new KeptCatalog();
  let commits = 0;
  let asked = 0;
  let last: DailyCheck | undefined;
  let names: readonly CheckedName[] = [];
  const headOf = (): CommitSha => commits.toString(16).padStart(40, '0') as CommitSha;
  const folder = (name: string): string => `Packages/${name}`;
  const change = (work: () => void): void => {
    work();
    commits++;
  };
  const world: CheckWorld = {
    repository: {
      id,
      slug,
      repositoryId: id,
      repository: slug,
      status: 'active',
      mode: 'live',
      branches: [],
      scopes: [],
      rules: {},
      fixes: 'off',
    },
    live: [],
    failures: [],
    seen: new Set(['main']),
    registry: new Map(),
    served: new Map(),
    now: Date.UTC(2026, 10, 1),
    isHostDown: false,
    commit: (name, version) =>
      change(() => files.set(folder(name), JSON.stringify({ name, version, unity: '2022.3' }))),
    breakManifest: (name) =>
      change(() => files.set(folder(name), `{ "name": "${name}" "version": "1.0.0" }`)),
    remove: (name) => change(() => files.delete(folder(name))),
    publish: (name, version) =>
      void stored.push({
        name,
        version,
        integrity: integrityOf(`${name}@${version}`),
        shasum: '',
        bytes: 10,
        sentAt: world.now,
      }),
    asked: () => asked,
    deps: {
      clock: { now: () => world.now, monotonic: () => world.now, sleep: async () => undefined },
      logger: silent,
      repositories: { list: async () => [world.repository] },
      source: {
        resolve: async () => {
          if (world.isHostDown) throw new Outage('git-host', 'down', 'HTTP 503');
          return { branch: 'main', commit: headOf() } as never;
        },
        listTree: async () =>
          [...files].map(([path, text]) => ({
            path: `${path}/package.json`,
            mode: '100644',
            type: 'blob',
            oid: integrityOf(text),
          })) as never,
        eachBlob: async (_id, _slug, _oids, _limits, take) => {
          for (const text of files.values()) take(integrityOf(text), Buffer.from(text));
        },
      },
      registry: {
        findPackument: async (name) => {
          asked++;
          const answer = world.registry.get(name);
          if (answer === 'fails') throw new Outage('registry', 'down', 'HTTP 503');
          if (answer === 'refuses') throw new NameRefusal(name, { kind: 'forbidden', status: 403 });
          return answer;
        },
        readServed: async (served, { version }) => {
          const read = world.served.get(`${served}@${version}`);
          if (read === 'unreadable') return { kind: 'unreadable', why: 'HTTP 503' };
          return { kind: 'read', integrity: read ?? integrityOf(`${served}@${version}`), bytes: 10 };
        },
      },
      catalog: {
        findHead: async () => kept.head,
        listHeadPackages: async () => kept.packages,
        saveHead: async (_id, head, packages) => {
          kept.head = head;
          kept.packages = packages ?? kept.packages;
        },
        saveHeadError: async () => undefined,
        listSettled: async () => new Map(),
        confirmLookups: async () => undefined,
        saveLookups: async (lookups) => {
          for (const lookup of lookups) kept.lookups.set(lookup.name, lookup);
        },
        listRows: async () => kept.packages.map((item) => kept.rowOf(item, world.repository, stored)),
        claimNames: async () => 0,
        countUnread: async () => 0,
      },
      scopes: ['com.studio'],
      looks: { take: async (_look, work) => work(), listSuspected: async () => new Set() },
      gitServerUrl: 'https://github.com',
      isShadow: false,
      versions: { listStored: async () => stored },
      checks: {
        findLast: async () => last,
        listNames: async () => names,
        save: async (check, next) => {
          last = check;
          names = next;
        },
      },
      work: { listLive: async () => world.live, listFailures: async () => world.failures },
      links: {
        findSeenHead: async (_id, branch) => (world.seen.has(branch) ? headOf() : undefined),
        wasDispatched: async () => false,
      },
      catchesUp: true,
    },
  };
  return world;
}

class KeptCatalog {
  head: RepositoryHead | undefined;
  packages: readonly HeadPackage[] = [];
  readonly lookups = new Map<string, Lookup>();

  rowOf(item: HeadPackage, repository: Repository, stored: readonly StoredVersion[]): CatalogRow {
    const lookup = this.lookups.get(item.name);
    const here = { repositoryId: repository.id, slug: repository.slug };
    return {
      ...here,
      mode: repository.mode,
      scopes: repository.scopes,
      path: item.path,
      name: item.name,
      version: item.version,
      exclusion: item.exclusion,
      registry: lookup === undefined ? undefined : stateOf(lookup, item.version ?? ''),
      owner: here,
      holders: [here],
      publishedByUs: stored.some(({ name, version }) => name === item.name && version === item.version),
    };
  }
}

function stateOf(lookup: Lookup, version: string): CatalogRegistryState {
  const entry = lookup.state === 'present' ? lookup.entry : undefined;
  return {
    state: lookup.state,
    latest: entry?.latest,
    highest: entry?.highest,
    highestStable: entry?.highestStable,
    hasHead: entry?.versions.includes(version) ?? false,
    repositoryUrl: entry?.repositoryUrl,
    checkedAt: 0,
    lastError: lookup.state === 'unknown' ? lookup.why : undefined,
  };
}
