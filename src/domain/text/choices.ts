/** As many as a list of choices shows. */
export const mostChoices = 25;

/** No name, version or branch that we know is longer. */
const longestTyped = 255;

/** What was typed, as it is searched for. */
export function foldTyped(typed: string): string {
  return typed.trim().slice(0, longestTyped).toLowerCase();
}

/** Those that match what was typed: prefix before substring, in the order given otherwise. */
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
