export interface ChangeToWord {
  /** The number by which an item must cite this change. */
  readonly number: number;
  /** Text of the commit, without secrets and shortened. It is data, never instructions. */
  readonly text: string;
}

export interface PackageToWord {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly changes: readonly ChangeToWord[];
}

/** An item as the model wrote it; nothing of it has been checked yet. */
export interface WordedItem {
  readonly section: string;
  readonly text: string;
  readonly changes: readonly number[];
}

export type WordingAnswer =
  | { readonly kind: 'worded'; readonly items: ReadonlyMap<number, readonly WordedItem[]> }
  /** `why` completes the sentence "the model …", such as "answered HTTP 429" or "did not answer in time". */
  | { readonly kind: 'unavailable'; readonly why: string };

/** Puts changes into words for users, with one request for all given packages. */
export interface ChangelogWording {
  /** Never throws; returns `unavailable` if the signal aborts. */
  word(packages: readonly PackageToWord[], signal: AbortSignal): Promise<WordingAnswer>;
}
