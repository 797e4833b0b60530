import { isPrerelease } from '../../../domain/package/version.ts';
import type { PackageRule } from './rule.ts';

export const prereleaseOrder: PackageRule = {
  id: 'version.prerelease-order',
  severity: 'warn',
  finds: 'a prerelease that sorts below one of the same version which is on the registry already',
  why: '`pre.20` comes before `pre-release.19`, and `preview9` after `preview10`: nobody is shown the update',
  check: ({ manifest: { version }, publishedAbove }) => {
    if (!isPrerelease(version)) return [];
    const above = publishedAbove.find((known) => isPrerelease(known) && coreOf(known) === coreOf(version));
    if (above === undefined) return [];
    const message = `${version} sorts below ${above}, which is published already; choose a prerelease that sorts above it`;
    return [{ file: 'package.json', subject: above, message }];
  },
};

/** Returns the version without what follows the patch number. */
function coreOf(version: string): string {
  return version.split('-', 1)[0] ?? version;
}
