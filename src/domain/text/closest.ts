/** A longer text is compared by its beginning. */
const longestCompared = 128;
/** Most typing errors of a suggestion; a guess that is further off helps nobody. */
const farthest = 6;

/** Returns the known name that needs the fewest typing errors to be read as this one; undefined when none is close. */
export function findClosest(asked: string, known: Iterable<string>): string | undefined {
  const wanted = asked.trim().toLowerCase().slice(0, longestCompared);
  let limit = Math.min(farthest, Math.max(1, Math.floor(wanted.length / 3)));
  let closest: string | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase().slice(0, longestCompared), limit);
    if (distance > limit) continue;
    closest = name;
    if (distance === 0) break;
    limit = distance - 1;
  }
  return closest;
}

/** Returns the Levenshtein distance, or any number above `limit` as soon as the distance is sure to be above it. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const here = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const swap = (above[column - 1] ?? 0) + (isSame ? 0 : 1);
      const cost = Math.min(swap, (above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1);
      here.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return best;
    above = here;
  }
  return above.at(-1) ?? 0;
}
