import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';

/**
 * Returns the manifest as the registry gets it, with its origin: `repository` names this repository and this commit,
 * whatever the author wrote there. The tarball's own package.json stays as committed.
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
