/** Who may try again: the queue by itself, a person after a fix, or nobody. */
export type Retry = 'automatic' | 'after-fix' | 'never';
/** Facts that are stored with a reason. */
export type Facts = Readonly<Record<string, string | number>>;

/** How a reason is worded, from its facts. */
export interface Entry<F extends Facts> {
  readonly title: (facts: F) => string;
  readonly remedy: (facts: F) => string;
  readonly retry: Retry;
}

/** Makes one entry of the catalogue; its facts are whatever its wording asks for. */
export function entry<F extends Facts>(
  retry: Retry,
  title: (facts: F) => string,
  remedy: (facts: F) => string,
): Entry<F> {
  return { retry, title, remedy };
}

/** Facts of a reason that has none. */
export type None = Readonly<Record<never, never>>;
