/** git-check-ref-format(1), without what git would read as a pattern of its own. */
const legal = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\p{Cc} ~^:?[\\]{1,200}(?<![/.])$/u;

/** A branch's name, or a pattern with one `*`, as a refspec can hold. */
export function isBranchPattern(text: string): boolean {
  return legal.test(text) && text.split('*').length <= 2;
}

/** What can be the name of a branch or tag; nothing that git could take for an option or a pattern. */
export function isRefName(text: string): boolean {
  return legal.test(text) && !text.includes('*');
}

/** Patterns that cannot be a branch are left out. */
export function legalPatterns(patterns: readonly string[]): readonly string[] {
  return patterns.filter(isBranchPattern);
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
