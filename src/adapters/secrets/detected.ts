export interface Detected {
  /** A phrase such as "a GitHub token". */
  readonly kind: string;
  /** Offset in characters from the start of the text. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}
