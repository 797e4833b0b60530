import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/run.ts';

/**
 * The manifest as the registry gets it, with where it comes from: whatever the author wrote as `repository`, this commit
 * of this repository was published. The tarball's own package.json stays as it was committed.
 */
export function withProvenance(
  gitServerUrl: string,
  { commit, slug }: Pick<Run['job'], 'commit' | 'slug'>,
  { candidate, manifest }: Pick<PlannedPackage, 'candidate' | 'manifest'>,
): UnityManifest {
  const repository = {
    type: 'git',
    url: `${gitServerUrl}/${slug}.git`,
    revision: commit,
    ...(candidate.path === '' ? {} : { directory: candidate.path }),
  };
  return { ...manifest, fields: { ...manifest.fields, repository, gitHead: commit } };
}
