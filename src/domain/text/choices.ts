/** Most choices that a list shows. */
export const mostChoices = 25;

/** Longest text that is searched for; no known name, version or branch is longer. */
const longestTyped = 255;

/** Returns what was typed in the form in which it is searched for. */
export function foldTyped(typed: string): string {
  return typed.trim().slice(0, longestTyped).toLowerCase();
}

/**
 * Returns the items that match what was typed: prefix matches before other matches, in the given order otherwise. At
 * most `mostChoices`.
 */
export function pickChoices<T>(
  known: readonly T[],
  typed: string,
  textOf: (item: T) => string,
): readonly T[] {
  const text = foldTyped(typed);
  const places = known.map((item) => ({ item, at: textOf(item).toLowerCase().indexOf(text) }));
  const prefixed = places.filter(({ at }) => at === 0);
  const inside = places.filter(({ at }) => at > 0);
  return [...prefixed, ...inside].slice(0, mostChoices).map(({ item }) => item);
}
