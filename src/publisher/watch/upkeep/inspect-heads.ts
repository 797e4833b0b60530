import type { CheckedName } from '../../../domain/announcement/daily-check.ts';
import type { Anomaly } from '../../../domain/job/anomaly.ts';
import type { OpenFailure } from '../../../domain/job/open-failure.ts';
import type { LiveJob } from '../../../domain/job/work-summary.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import type { DriftRow } from '../../../domain/package/drift.ts';
import { type Repository, type RepositoryId, sameSlug } from '../../../domain/repository/repository.ts';

export interface HeadFacts {
  /** Of all active repositories, beside their comparison; row by row. */
  readonly rows: readonly CatalogRow[];
  readonly drift: readonly DriftRow[];
  /** Active ones whose head was read just now: nothing is concluded about others. */
  readonly read: readonly Repository[];
  /** Names that we published. */
  readonly published: ReadonlySet<string>;
  readonly live: readonly LiveJob[];
  readonly failures: readonly OpenFailure[];
  /** Their head was not looked at by anybody yet, and will be. */
  readonly awaited: ReadonlySet<RepositoryId>;
  /** What the last check remembered. */
  readonly remembered: readonly CheckedName[];
  /** Nothing is published from anywhere. */
  readonly isShadow: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A package that is gone for longer is not missed any more. */
const missedMs = 14 * 24 * 3_600_000;

/** What is wrong at the heads of the repositories. Pure. */
export function inspectHeads(facts: HeadFacts): readonly Anomaly[] {
  const read = new Set(facts.read.map(({ id }) => id));
  const found = facts.rows.flatMap((row, index): readonly Anomaly[] => {
    const compared = facts.drift[index];
    if (compared === undefined || !read.has(row.repositoryId) || isExplained(facts, row)) return [];
    return [...findBroken(facts, row), ...findDrift(facts, row, compared)];
  });
  return [...found, ...findVanished(facts)];
}

/** A job that waits, runs or failed says more about it than we could. */
function isExplained({ live, failures, awaited }: HeadFacts, row: CatalogRow): boolean {
  const isOurs = (other: { readonly repositoryId: RepositoryId }): boolean =>
    other.repositoryId === row.repositoryId;
  if (awaited.has(row.repositoryId) || live.some(isOurs)) return true;
  return failures
    .filter(isOurs)
    .some(({ packages }) => packages.length === 0 || packages.some(({ name }) => name === row.name));
}

function findDrift(facts: HeadFacts, row: CatalogRow, compared: DriftRow): readonly Anomaly[] {
  const { name, repository, headVersion: version, latest, isPublishable } = compared;
  const isMeant = !facts.isShadow && row.mode === 'live';
  if (!isPublishable || !isMeant || version === undefined) return [];
  return [{ kind: 'unexplained-drift', name, repository, version, latest }];
}

/** We published it from a manifest that could be read; now it cannot. */
function findBroken({ published }: HeadFacts, row: CatalogRow): readonly Anomaly[] {
  const { name, slug: repository, path, exclusion: why, owner } = row;
  const isElsewhere = owner !== undefined && owner.repositoryId !== row.repositoryId;
  if (why === undefined || row.version !== undefined || !published.has(name) || isElsewhere) return [];
  return [{ kind: 'manifest-broken', name, repository, path, why }];
}

function findVanished({ rows, read, published, remembered, now }: HeadFacts): readonly Anomaly[] {
  const standing = new Set(rows.map(({ name }) => name));
  return remembered.flatMap(({ name, repository, atHead }): readonly Anomaly[] => {
    if (repository === undefined || atHead === undefined || now - atHead > missedMs) return [];
    if (standing.has(name) || !published.has(name)) return [];
    const isRead = read.some(({ slug }) => sameSlug(slug, repository));
    return isRead ? [{ kind: 'package-vanished', name, repository }] : [];
  });
}
