import type { Finding, JobReport, PackageReport } from '../../../domain/job/report.ts';
import type { CatalogRow } from '../../../domain/package/catalog.ts';
import type { DriftKind, DriftRow } from '../../../domain/package/drift.ts';
import { whyNameExcluded } from '../../../domain/package/package-name.ts';
import { highestOf } from '../../../domain/package/version.ts';
import { sameSlug } from '../../../domain/repository/repository.ts';
import { readNamedRepository } from '../../commit/named-repository.ts';

/** Something that is in the way, and what to do about it. */
export interface Obstacle {
  readonly title: string;
  readonly remedy: string;
}

export interface SurveyedPackage {
  readonly name: string;
  readonly path: string;
  readonly version: string | null;
  readonly latest: string | null;
  readonly drift: DriftKind;
  /** Why the package is excluded or not known, or who else holds its name; null when there is nothing to add. */
  readonly detail: string | null;
  /** What stops the next version; null when nothing does. */
  readonly failure: Obstacle | null;
  readonly blocking: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export interface SurveyedRepository {
  readonly repository: string;
  /** The status that the file gives it. */
  readonly status: string;
  readonly branch: string | null;
  readonly commit: string | null;
  /** Why the repository, or its packages, could not be looked at. */
  readonly problem: Obstacle | null;
  readonly packages: readonly SurveyedPackage[];
}

export interface ContestedName {
  readonly name: string;
  readonly holders: readonly string[];
  /** The repository that the registry's document names, else the one that holds the highest version. */
  readonly suggestedOwner: string;
}

export interface Survey {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly registry: string;
  readonly scopes: readonly string[];
  readonly repositories: readonly SurveyedRepository[];
  readonly contested: readonly ContestedName[];
  /** Prefixes of Unity packages that PACKAGE_SCOPES leaves out, with the number of packages. */
  readonly otherScopes: readonly { readonly scope: string; readonly packages: number }[];
  /** Entries of the file that cannot be used, in words. */
  readonly badEntries: readonly string[];
}

/** Joins the packages at a head with what a dry run reported about them. Pure. */
export function joinPackages(
  rows: readonly DriftRow[],
  report: JobReport | undefined,
): readonly SurveyedPackage[] {
  const judged = new Map(report?.packages.map((item) => [item.path, item]));
  return rows.map((row) => {
    const item = judged.get(row.path);
    return {
      name: row.name,
      path: row.path,
      version: row.headVersion ?? null,
      latest: row.latest ?? null,
      drift: row.kind,
      detail: row.detail ?? null,
      failure: row.kind === 'excluded' ? null : findFailure(item),
      blocking: item?.findings.filter(({ severity }) => severity === 'block') ?? [],
      warnings: item?.findings.filter(({ severity }) => severity === 'warn') ?? [],
    };
  });
}

function findFailure(item: PackageReport | undefined): Obstacle | null {
  const { remedy = null, title = null } = item ?? {};
  return title === null || remedy === null ? null : { title, remedy };
}

/** Lists names that more than one repository holds, with the owner for whom the facts speak. Pure. */
export function listContested(
  rows: readonly CatalogRow[],
  scopes: readonly string[],
  gitServerUrl: string,
): readonly ContestedName[] {
  const byName = new Map<string, CatalogRow[]>();
  for (const row of rows) {
    if (row.exclusion !== undefined || whyNameExcluded(row.name, scopes) !== undefined) continue;
    byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  }
  return [...byName]
    .filter(([, held]) => new Set(held.map(({ repositoryId }) => repositoryId)).size > 1)
    .map(([name, held]) => ({
      name,
      holders: held.map(({ slug, version }) => `${slug} (${version ?? 'no version'})`),
      suggestedOwner: suggestOwner(held, gitServerUrl),
    }));
}

function suggestOwner(held: readonly CatalogRow[], gitServerUrl: string): string {
  const url = held[0]?.registry?.repositoryUrl;
  const named = url === undefined ? undefined : readNamedRepository(url, gitServerUrl);
  const highest = highestOf(held.flatMap(({ version }) => version ?? []));
  const byUrl = held.find(({ slug }) => named?.kind === 'here' && sameSlug(slug, named.slug));
  const byVersion = held.find(({ version }) => version === highest);
  return (byUrl ?? byVersion ?? held[0])?.slug ?? '';
}

/**
 * Counts Unity packages outside of the scopes by the first two parts of their names: `com.studio` of
 * `com.studio.tool`. Pure.
 */
export function listOtherScopes(
  rows: readonly CatalogRow[],
  scopes: readonly string[],
): Survey['otherScopes'] {
  const counts = new Map<string, number>();
  for (const { exclusion, name } of rows) {
    if (exclusion !== undefined || whyNameExcluded(name, scopes) === undefined) continue;
    const scope = name.split('.').slice(0, 2).join('.');
    counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  const listed = [...counts].map(([scope, packages]) => ({ scope, packages }));
  return listed.toSorted((a, b) => b.packages - a.packages || a.scope.localeCompare(b.scope));
}
