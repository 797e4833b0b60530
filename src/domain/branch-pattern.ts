/** git-check-ref-format(1), and at most one `*`, as a refspec can hold. */
const legal = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\p{Cc} ~^:?[\\]{1,200}(?<![/.])$/u;

/** Patterns that cannot be a branch are left out. */
export function legalPatterns(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => legal.test(pattern) && pattern.split('*').length <= 2);
}

export function matchesBranch(branch: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return branch === pattern;
    return (
      branch.length >= before.length + after.length && branch.startsWith(before) && branch.endsWith(after)
    );
  });
}
