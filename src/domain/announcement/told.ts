/** Something that may have been announced already. */
export interface Tellable {
  /** Identifies what it is about. */
  readonly key: string;
  /** What there is to say; announced again only when this changes. */
  readonly print: string;
}

export interface Sorted<T extends Tellable> {
  readonly fresh: readonly T[];
  /** Items that were announced before and have not changed. */
  readonly open: readonly T[];
}

/** Separates news from what was announced. Pure. */
export function sortNews<T extends Tellable>(
  items: readonly T[],
  told: ReadonlyMap<string, string>,
): Sorted<T> {
  const isOpen = (item: T): boolean => told.get(item.key) === item.print;
  return { fresh: items.filter((item) => !isOpen(item)), open: items.filter(isOpen) };
}
