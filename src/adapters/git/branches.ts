export { legalPatterns, matchesBranch } from '../../domain/repository/branch-pattern.ts';

export const headRef = 'refs/publisher/HEAD';
const branchRefs = 'refs/publisher/heads/';

export function branchOfRef(ref: string): string | undefined {
  return ref.startsWith(branchRefs) ? ref.slice(branchRefs.length) : undefined;
}

/** Turns literal names into patterns, because git fails the whole fetch when one named branch does not exist. */
export function refspecs(patterns: readonly string[]): readonly string[] {
  const named = patterns.map((pattern) => (pattern.includes('*') ? pattern : `${pattern}*`));
  return [`+HEAD:${headRef}`, ...new Set(named.map((name) => `+refs/heads/${name}:${branchRefs}${name}`))];
}

/** Returns refspecs for a mirror of pull requests, where each pattern and branch name is a pull request number. */
export function pullRefspecs(numbers: readonly string[]): readonly string[] {
  const legal = numbers.filter((number) => /^[1-9]\d{0,9}$/.test(number));
  return [`+HEAD:${headRef}`, ...legal.map((number) => `+refs/pull/${number}/head:${branchRefs}${number}`)];
}
