import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { PlannedPackage } from '../judge/judge.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';

/**
 * The manifest as the registry gets it, with where it comes from: whatever the author wrote as `repository`, this commit
 * of this repository was published. The tarball's own package.json stays as it was committed.
 */
export function withProvenance(
  deps: { readonly changelog: Pick<PipelineDeps['changelog'], 'gitServerUrl'> },
  { commit, slug }: Pick<Run['job'], 'commit' | 'slug'>,
  { candidate, manifest }: Pick<PlannedPackage, 'candidate' | 'manifest'>,
): UnityManifest {
  const repository = {
    type: 'git',
    url: `${deps.changelog.gitServerUrl}/${slug}.git`,
    revision: commit,
    ...(candidate.path === '' ? {} : { directory: candidate.path }),
  };
  return { ...manifest, fields: { ...manifest.fields, repository, gitHead: commit } };
}
