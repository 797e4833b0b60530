/** Names allowed by git-check-ref-format(1), without those that git would read as a pattern of its own. */
const legal = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\p{Cc} ~^:?[\\]{1,200}(?<![/.])$/u;

/** Whether the text is a branch's name, or a pattern with one `*`, as a refspec can hold. */
export function isBranchPattern(text: string): boolean {
  return legal.test(text) && text.split('*').length <= 2;
}

/** Whether the text can be the name of a branch or tag; git can take it neither for an option nor for a pattern. */
export function isRefName(text: string): boolean {
  return legal.test(text) && !text.includes('*');
}

/** Returns the patterns that can match a branch. */
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
