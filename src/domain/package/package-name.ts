/** Rules for names: npm's character set and Unity's manual (package naming), see docs of the Unity Package Manager. */
const allowed = /^[a-z0-9][-._a-z0-9]{0,213}$/;

/** Returns what is wrong with a name; undefined when it can be published. */
export function findNameProblem(name: string): string | undefined {
  if (name !== name.toLowerCase()) return 'capital letters are not allowed';
  if (name.length > 214) return 'it is longer than 214 characters';
  if (!allowed.test(name)) return 'only a–z, 0–9, “-”, “_” and “.” are allowed';
  if (name.split('.').some((part) => part === '')) return 'a part between dots is empty';
  if (/\.(plugin|framework|bundle)$/.test(name))
    return 'Unity treats names ending like this as native bundles';
  return undefined;
}

/**
 * Whether a scope covers the name: `com.theone` covers `com.theone` and `com.theone.x`, not `com.theoneandonly`.
 * Case-insensitive, so that a capital letter becomes an error and not silence.
 */
export function isInScope(name: string, scopes: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return scopes.some((scope) => {
    const prefix = scope.toLowerCase().replace(/\.?\*?$/, '');
    return lower === prefix || lower.startsWith(`${prefix}.`);
  });
}

/** Whether the name belongs to Unity itself; nobody else ever publishes such a name. */
export function isUnityOwned(name: string): boolean {
  return /^com\.unity(\.|$)/i.test(name);
}

/** Returns why a name is not ours to publish, as a sentence; undefined when it may be ours. */
export function whyNameExcluded(name: string, scopes: readonly string[]): string | undefined {
  if (isUnityOwned(name)) return 'Names under com.unity belong to Unity';
  if (!isInScope(name, scopes)) return `Its name is outside the scopes (${scopes.join(', ')})`;
  return undefined;
}
