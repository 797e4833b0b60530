import type { CheckedName, DailyCheck, StoredVersion } from '../../../domain/announcement/daily-check.ts';
import { NameRefusal } from '../../../domain/failure/name-trouble.ts';
import type { Anomaly } from '../../../domain/job/anomaly.ts';
import type { OpenFailure } from '../../../domain/job/open-failure.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import { summarizeDrift } from '../../../domain/package/drift.ts';
import type { Packument } from '../../../domain/package/packument.ts';
import type { Repository, RepositoryId } from '../../../domain/repository/repository.ts';
import type { PublishedVersions } from '../../../ports/catalog.ts';
import type { OpenWork } from '../../../ports/jobs.ts';
import type { CheckMemory } from '../../../ports/memory.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { RepositoryLinks } from '../../../ports/repositories.ts';
import { compareRows, whyExcluded } from '../catalog/compare.ts';
import { lookUpNames } from '../catalog/look-up.ts';
import { type CatalogDeps, refreshCatalog } from '../catalog/refresh.ts';
import { inspectHeads } from './inspect-heads.ts';
import { inspectPackument, rememberLatest } from './inspect-packument.ts';
import { inspectServed, listUnproven, type Unproven } from './inspect-served.ts';

export interface DailyCheckDeps extends Omit<CatalogDeps, 'registry'> {
  readonly registry: Pick<Registry, 'findPackument' | 'readServed'>;
  readonly versions: PublishedVersions;
  readonly checks: CheckMemory;
  readonly work: Pick<OpenWork, 'listFailures' | 'listLive'>;
  readonly links: Pick<RepositoryLinks, 'findSeenHead' | 'wasDispatched'>;
  /** True when CATCH_UP_MINUTES is above 0: heads that nobody looked at will be looked at. */
  readonly catchesUp: boolean;
}

const failuresMs = 90 * 24 * 3_600_000;

/**
 * Looks at every head and every name once, and saves what is not as it should be. What a neighbour does not answer is
 * counted as unknown, and nothing is concluded from it. Throws the signal's reason only.
 */
export async function runDailyCheck(deps: DailyCheckDeps, signal: AbortSignal): Promise<DailyCheck> {
  const before = new Map((await deps.checks.listNames()).map((known) => [known.name, known]));
  const stored = Map.groupBy(await deps.versions.listStored(), ({ name }) => name);
  const lastCheckAt = (await deps.checks.findLast())?.at ?? 0;
  const answers = new Map<string, Answer>();
  const unproven: Unproven[] = [];
  const refusals = new Map<string, NameRefusal>();
  const registry = listenTo(deps.registry, refusals, (name, packument) => {
    const latestBefore = before.get(name)?.latest;
    const known = { stored: stored.get(name) ?? [], latestBefore };
    const anomalies = inspectPackument(name, packument, known);
    unproven.push(...listUnproven(packument, known.stored, lastCheckAt));
    answers.set(name, { anomalies, latest: rememberLatest(packument, latestBefore) });
  });
  const { unread } = await refreshCatalog({ ...deps, registry }, {}, signal);
  const rows = await deps.catalog.listRows({});
  const atHeads = rows.filter((row) => whyExcluded(row, deps.scopes) === undefined);
  const names = new Set(atHeads.map(({ name }) => name));
  const others = [...stored.keys()].filter((name) => !names.has(name));
  await lookUpNames({ registry, catalog: deps.catalog }, others, () => undefined, signal);
  const repositories = await deps.repositories.list();
  const active = repositories.filter(({ status }) => status === 'active');
  const read = active.filter(({ id }) => !unread.has(id));
  const failures = await deps.work.listFailures(deps.clock.now() - failuresMs);
  const heads = await inspectAll(deps, { rows, repositories, read, stored, before, failures });
  const asked = [...names, ...others];
  const anomalies = [
    ...[...answers.values()].flatMap((answer) => answer.anomalies),
    ...(await inspectServed(deps.registry, unproven, signal)),
    ...heads.anomalies,
    ...findRefused(refusals, failures),
  ];
  const check: DailyCheck = {
    at: deps.clock.now(),
    names: asked.length,
    unknownNames: asked.filter((name) => !answers.has(name)).length,
    repositories: active.length,
    unreadRepositories: active.length - read.length,
    drift: heads.drift,
    anomalies: anomalies.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
  await deps.checks.save(check, rememberNames(check.at, before, answers, rows));
  return check;
}

interface Answer {
  readonly anomalies: readonly Anomaly[];
  readonly latest: string | undefined;
}

/**
 * Passes each packument to `hear` and keeps none: thousands of packuments would fill the memory. Integrities are kept
 * nowhere, so every name is read, whether it changed or not.
 */
function listenTo(
  registry: Pick<Registry, 'findPackument'>,
  refusals: Map<string, NameRefusal>,
  hear: (name: string, packument: Packument | undefined) => void,
): Pick<Registry, 'findChange'> {
  return {
    findChange: async (name, _etag, signal) => {
      try {
        const packument = await registry.findPackument(name, signal);
        hear(name, packument);
        return packument;
      } catch (error) {
        if (error instanceof NameRefusal) refusals.set(name, error);
        throw error;
      }
    },
  };
}

/** Lists names that the registry refuses, without names that failed already: these failures were announced. */
function findRefused(
  refusals: ReadonlyMap<string, NameRefusal>,
  failures: readonly OpenFailure[],
): readonly Anomaly[] {
  const told = new Set(failures.flatMap(({ packages }) => packages.map(({ name }) => name)));
  return [...refusals]
    .filter(([name]) => !told.has(name))
    .map(([name, { detail }]) => ({ kind: 'name-refused', name, why: detail }));
}

interface Found {
  readonly rows: readonly CatalogRow[];
  readonly repositories: readonly Repository[];
  readonly read: readonly Repository[];
  readonly stored: ReadonlyMap<string, readonly StoredVersion[]>;
  readonly before: ReadonlyMap<string, CheckedName>;
  readonly failures: readonly OpenFailure[];
}

async function inspectAll(
  deps: DailyCheckDeps,
  { rows, repositories, read, stored, before, failures }: Found,
) {
  const { clock, gitServerUrl, isShadow, scopes, work } = deps;
  const now = clock.now();
  const registered = repositories.map(({ slug }) => slug);
  const drift = compareRows(rows, { scopes, registered, gitServerUrl });
  const anomalies = inspectHeads({
    rows,
    drift,
    read,
    published: new Set(stored.keys()),
    live: await work.listLive(),
    failures,
    awaited: await findAwaited(deps, read),
    remembered: [...before.values()],
    isShadow,
    now,
  });
  return { anomalies, drift: summarizeDrift(drift) };
}

/** Returns the repositories whose heads catching up will decide about within minutes. */
async function findAwaited(
  { catalog, catchesUp, links }: DailyCheckDeps,
  repositories: readonly Repository[],
): Promise<ReadonlySet<RepositoryId>> {
  const awaited = new Set<RepositoryId>();
  if (!catchesUp) return awaited;
  for (const { id } of repositories) {
    const head = await catalog.findHead(id);
    if (head === undefined || (await links.findSeenHead(id, head.branch)) === head.commit) continue;
    if (!(await links.wasDispatched(id, head.commit))) awaited.add(id);
  }
  return awaited;
}

/** Returns what to remember of each name; a name without an answer is remembered as it was. */
function rememberNames(
  now: number,
  before: ReadonlyMap<string, CheckedName>,
  answers: ReadonlyMap<string, Answer>,
  rows: readonly CatalogRow[],
): readonly CheckedName[] {
  const heads = new Map(rows.map(({ name, slug }) => [name, slug]));
  const names = new Set([...before.keys(), ...answers.keys(), ...heads.keys()]);
  return [...names].map((name) => {
    const known = before.get(name);
    const answer = answers.get(name);
    const latest = answer === undefined ? known?.latest : answer.latest;
    const here = heads.get(name);
    const place = here === undefined ? known : { repository: here, atHead: now };
    return { name, latest, repository: place?.repository, atHead: place?.atHead };
  });
}
