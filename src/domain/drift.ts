/** How a package at the head of its branch compares with the registry. */
export const driftKinds = [
  'equal',
  /** The head is higher than everything of its line on the registry: unpublished. */
  'ahead',
  /** The registry is newer. */
  'behind',
  'never-published',
  /** More than one registered repository holds the name. */
  'duplicate-owner',
  /** We published this version and it is gone from the registry. */
  'withdrawn',
  /** The registry could not be asked: nothing is decided on it. */
  'unknown',
  'excluded',
] as const;
export type DriftKind = (typeof driftKinds)[number];

export type DriftSummary = Readonly<Record<DriftKind, number>>;

/** One package of one repository. */
export interface DriftRow {
  readonly repository: string;
  readonly path: string;
  readonly name: string;
  /** At the head of the branch; undefined when its manifest cannot be read. */
  readonly headVersion: string | undefined;
  /** `latest` on the registry; undefined when absent or unknown. */
  readonly latest: string | undefined;
  readonly kind: DriftKind;
  /** Why it is excluded or unknown, other holders of the name, what is behind. */
  readonly detail: string | undefined;
  /** True only for `ahead` and `never-published`. */
  readonly isPublishable: boolean;
  /** Epoch milliseconds of the registry's last answer. */
  readonly checkedAt: number | undefined;
}
