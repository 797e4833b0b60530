import type { CheckedName } from '../../../domain/announcement/daily-check.ts';
import type { Anomaly } from '../../../domain/job/anomaly.ts';
import type { OpenFailure } from '../../../domain/job/open-failure.ts';
import type { LiveJob } from '../../../domain/job/work-summary.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import type { DriftRow } from '../../../domain/package/drift.ts';
import { type Repository, type RepositoryId, sameSlug } from '../../../domain/repository/repository.ts';

export interface HeadFacts {
  /** Rows of all active repositories, and their comparison row by row. */
  readonly rows: readonly CatalogRow[];
  readonly drift: readonly DriftRow[];
  /** Active repositories whose head was read just now; nothing is concluded about others. */
  readonly read: readonly Repository[];
  /** Names that we published. */
  readonly published: ReadonlySet<string>;
  readonly live: readonly LiveJob[];
  readonly failures: readonly OpenFailure[];
  /** Repositories whose head nobody has looked at yet, and somebody will. */
  readonly awaited: ReadonlySet<RepositoryId>;
  /** Names that the last check remembered. */
  readonly remembered: readonly CheckedName[];
  /** True when nothing is published from any repository. */
  readonly isShadow: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How long a package that vanished is still reported. */
const missedMs = 14 * 24 * 3_600_000;

/** Finds what is wrong at the heads of the repositories. Pure. */
export function inspectHeads(facts: HeadFacts): readonly Anomaly[] {
  const read = new Set(facts.read.map(({ id }) => id));
  const found = facts.rows.flatMap((row, index): readonly Anomaly[] => {
    const compared = facts.drift[index];
    if (compared === undefined || !read.has(row.repositoryId) || isExplained(facts, row)) return [];
    return [...findBroken(facts, row), ...findDrift(facts, row, compared)];
  });
  return [...found, ...findVanished(facts)];
}

/** Whether the row needs no finding: a job that waits, runs or failed says more about it than we could. */
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

/** Finds a package that we published from a readable manifest, and whose manifest cannot be read now. */
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
