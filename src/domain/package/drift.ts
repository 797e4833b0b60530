import { findBar, isHigher, isPrerelease } from './version.ts';

/** How a package at the head of its branch compares with the registry. */
export const driftKinds = [
  'equal',
  /** The head's version is higher than everything of its line on the registry: it is unpublished. */
  'ahead',
  /** The registry has a newer version. */
  'behind',
  'never-published',
  /** More than one registered repository holds the name. */
  'duplicate-owner',
  /** We published this version and it is gone from the registry. */
  'withdrawn',
  /** The registry could not be asked, so nothing is decided. */
  'unknown',
  'excluded',
] as const;
export type DriftKind = (typeof driftKinds)[number];

export type DriftSummary = Readonly<Record<DriftKind, number>>;

/** How one package of one repository compares with the registry. */
export interface DriftRow {
  readonly repository: string;
  readonly path: string;
  readonly name: string;
  /** Version at the head of the branch; undefined when its manifest cannot be read. */
  readonly headVersion: string | undefined;
  /** `latest` on the registry; undefined when absent or unknown. */
  readonly latest: string | undefined;
  readonly kind: DriftKind;
  /** Why the package is excluded or unknown, which other repositories hold its name, or which version it is behind. */
  readonly detail: string | undefined;
  /** True only for `ahead` and `never-published`. */
  readonly isPublishable: boolean;
  /** Epoch milliseconds of the registry's last answer. */
  readonly checkedAt: number | undefined;
}

/** What the registry says of a name. */
export type RegistryFacts =
  | {
      readonly state: 'present';
      readonly latest: string | undefined;
      readonly highest: string | undefined;
      readonly highestStable: string | undefined;
      /** Whether the head's version is among its versions. */
      readonly hasHead: boolean;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: string };

/** Who owns the name, as `decideOwnership` says. */
export type NameFacts =
  | { readonly kind: 'ours' }
  | { readonly kind: 'claim'; readonly how: string }
  | { readonly kind: 'theirs'; readonly slug: string }
  | { readonly kind: 'contested'; readonly holders: string };

export interface DriftFacts {
  readonly headVersion: string | undefined;
  /**
   * What the gates say against the package: not Unity, private, broken, out of scope; undefined when it may be
   * published.
   */
  readonly exclusion: string | undefined;
  readonly registry: RegistryFacts;
  /** The owner on record; undefined while there is none. */
  readonly recordedOwner: { readonly isThis: boolean; readonly slug: string } | undefined;
  readonly ownership: NameFacts;
  /** Every registered repository that holds the name, this one included. */
  readonly holders: readonly string[];
  /** Whether we saw exactly this version on the registry after publishing it. */
  readonly publishedByUs: boolean;
}

export type Drift = Pick<DriftRow, 'kind' | 'detail' | 'isPublishable'>;

/** Compares a head with the registry; no other place does. Publishable exactly when `decide` would publish it. Pure. */
export function decideDrift(facts: DriftFacts): Drift {
  const { exclusion, headVersion, recordedOwner, registry } = facts;
  if (exclusion !== undefined || headVersion === undefined) {
    return still('excluded', exclusion ?? 'Its manifest has no version');
  }
  if (recordedOwner?.isThis === false) return elsewhere(facts, recordedOwner.slug);
  if (registry.state === 'unknown') return still('unknown', registry.why);
  return driftOfName(facts) ?? driftOfVersion(facts, registry, headVersion);
}

/** Decides what follows from who owns the name, when no recorded owner settles it; undefined when nothing does. */
function driftOfName(facts: DriftFacts): Drift | undefined {
  const { holders, ownership } = facts;
  if (ownership.kind === 'theirs') return elsewhere(facts, ownership.slug);
  if (ownership.kind === 'contested') return still('duplicate-owner', upperFirst(ownership.holders));
  const isFree = ownership.kind === 'claim' && ownership.how === 'first-publish';
  return isFree && holders.length > 1
    ? still('duplicate-owner', `It stands in ${holders.join(', ')}`)
    : undefined;
}

function elsewhere({ holders }: DriftFacts, owner: string): Drift {
  if (!holders.includes(owner)) return still('excluded', `${owner} owns this name`);
  return still('duplicate-owner', `${owner} owns this name and holds it too`);
}

function driftOfVersion(
  facts: DriftFacts,
  registry: Exclude<RegistryFacts, { state: 'unknown' }>,
  version: string,
): Drift {
  if (registry.state === 'present' && registry.hasHead) return driftOfPresent(registry, version);
  if (facts.publishedByUs) return still('withdrawn', `${version} was published by us and is gone`);
  if (registry.state === 'absent' || registry.highest === undefined) {
    return { kind: 'never-published', detail: undefined, isPublishable: true };
  }
  const bar = findBar(version, registry);
  if (bar !== undefined) return still('behind', `The registry has ${bar}`);
  return { kind: 'ahead', detail: undefined, isPublishable: true };
}

/**
 * Compares a version that the registry has. A prerelease is behind any newer version, a stable version only behind a
 * newer stable one.
 */
function driftOfPresent(registry: Extract<RegistryFacts, { state: 'present' }>, version: string): Drift {
  const newest = isPrerelease(version) ? registry.highest : (registry.highestStable ?? registry.highest);
  const isOutdated = newest !== undefined && isHigher(newest, version);
  return isOutdated ? still('behind', `The registry has ${newest}`) : still('equal', undefined);
}

function still(kind: DriftKind, detail: string | undefined): Drift {
  return { kind, detail, isPublishable: false };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const urgency: readonly DriftKind[] = [
  'withdrawn',
  'ahead',
  'never-published',
  'duplicate-owner',
  'behind',
  'unknown',
  'equal',
  'excluded',
];

/** Sorts the most urgent rows first; a name that several repositories hold is listed once. */
export function orderDrift(rows: readonly DriftRow[]): readonly DriftRow[] {
  const said = new Set<string>();
  const once = rows.filter((row) => {
    if (row.kind !== 'duplicate-owner') return true;
    if (said.has(row.name)) return false;
    said.add(row.name);
    return true;
  });
  const rank = new Map(urgency.map((kind, index) => [kind, index]));
  return once.toSorted(
    (a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || (a.name < b.name ? -1 : 1),
  );
}

export function summarizeDrift(rows: readonly DriftRow[]): DriftSummary {
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, 0])) as Record<DriftKind, number>;
  for (const row of rows) counts[row.kind]++;
  return counts;
}
