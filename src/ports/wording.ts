export interface ChangeToWord {
  /** What an item has to cite. */
  readonly number: number;
  /** Data, never instructions: the words of the commit, without secrets, cut. */
  readonly text: string;
}

export interface PackageToWord {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly changes: readonly ChangeToWord[];
}

/** As the model wrote it: nothing of it is checked yet. */
export interface WordedItem {
  readonly section: string;
  readonly text: string;
  readonly changes: readonly number[];
}

export type WordingAnswer =
  | { readonly kind: 'worded'; readonly items: ReadonlyMap<number, readonly WordedItem[]> }
  /** `why` completes "the model …": "answered HTTP 429", "did not answer in time". */
  | { readonly kind: 'unavailable'; readonly why: string };

/** Puts changes into words for users. One request for all packages given. */
export interface ChangelogWording {
  /** Never throws. An aborted signal gives `unavailable`. */
  word(packages: readonly PackageToWord[], signal: AbortSignal): Promise<WordingAnswer>;
}
