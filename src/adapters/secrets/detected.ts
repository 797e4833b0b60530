export interface Detected {
  /** "a GitHub token". */
  readonly kind: string;
  /** Characters from the start of the text. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}
