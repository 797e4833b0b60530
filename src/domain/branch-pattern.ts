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
