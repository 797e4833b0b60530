/** Something that may have been told already. */
export interface NewsItem {
  /** What it is about. */
  readonly key: string;
  /** What there is to say; told again only when this changes. */
  readonly print: string;
}

export interface Sorted<T extends NewsItem> {
  readonly fresh: readonly T[];
  /** Told before, and still so. */
  readonly open: readonly T[];
}

/** Tells news from what was told. Pure. */
export function sortNews<T extends NewsItem>(
  items: readonly T[],
  told: ReadonlyMap<string, string>,
): Sorted<T> {
  const isOpen = (item: T): boolean => told.get(item.key) === item.print;
  return { fresh: items.filter((item) => !isOpen(item)), open: items.filter(isOpen) };
}
