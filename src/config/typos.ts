/** Returns one sentence for each variable that looks like a misspelt setting. */
export function findTypos(
  names: readonly string[],
  ours: readonly string[],
  alsoKnown: readonly string[],
): readonly string[] {
  const known = new Set([...ours, ...alsoKnown]);
  return names.flatMap((name) => {
    if (known.has(name)) return [];
    const meant = ours.find((candidate) => isTypo(name, candidate));
    return meant === undefined ? [] : [`${name} is not a variable of this program; is ${meant} meant?`];
  });
}

/** Short names have innocent neighbours (HOME and HOST), so only one letter may differ. */
function isTypo(name: string, meant: string): boolean {
  const allowed = meant.length < 8 ? 1 : 2;
  if (Math.abs(name.length - meant.length) > allowed) return false;
  return editDistance(name.toUpperCase(), meant) <= allowed;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
