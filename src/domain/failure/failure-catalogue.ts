import { entry, type None } from './failure-entry.ts';
import { packageFailures } from './package-failures.ts';
import { registryFailures } from './registry-failures.ts';

function wordAwaited(f: { dependency: string; version?: string; others?: number }): string {
  const more = f.others === undefined ? '' : ` and ${f.others} more`;
  return `${f.dependency} ${f.version ?? ''}`.trim() + more;
}

/** What of a commit was too much, other than the size or the number of its files. */
type TooLarge = 'manifests' | 'blobs' | 'moves' | 'paths';

const tooLargeRemedies: ReadonlyMap<TooLarge | undefined, string> = new Map([
  [
    'manifests',
    'Keep what is no package in folders whose names end with `~` or begin with a dot (no package.json is read there), or split the repository; then push again.',
  ],
  ['blobs', 'Make these files smaller or fewer (they are texts such as changelogs), then push again.'],
  ['moves', 'Move these files in a commit of your own: a pull request through the API takes no more.'],
  ['paths', 'Shorten the names of its folders and files, or take generated ones out of the commit.'],
]);

function remedyOfTooLarge({ files, of }: { readonly files?: number; readonly of?: TooLarge }): string {
  const remedy = tooLargeRemedies.get(of);
  if (remedy !== undefined) return remedy;
  return files === undefined
    ? 'Remove the oversized files from the commit, or raise PACKAGE_SIZE_MAX_MB. Less is needed of a git host that allows partial clones (`uploadpack.allowFilter`, `uploadpack.allowAnySHA1InWant`).'
    : `Take generated files out of the commit until it holds at most ${files}.`;
}

/**
 * The closed catalogue of failures. A failure is a reason plus facts; it is stored that way and rendered when shown.
 * `retry` says who may try again: the queue by itself, a person after a fix, or nobody.
 */
export const failureCatalogue = {
  // Failures of the dispatch as a whole.
  'repository-not-registered': entry<{ repository: string }>(
    'after-fix',
    (f) => `${f.repository} is not registered`,
    () => 'Register it (`/register add`, or an entry in REPOSITORIES_FILE), then publish again.',
  ),
  'repository-disabled': entry<{ repository: string }>(
    'after-fix',
    (f) => `${f.repository} is disabled`,
    () => 'An operator sets its status to active, then press Retry.',
  ),
  'repository-forbidden': entry<{ repository: string }>(
    'after-fix',
    (f) => `The git host refuses access to ${f.repository}`,
    () => 'Give the publisher’s GitHub token or App read access to this repository, then press Retry.',
  ),
  'repository-unavailable': entry<{ repository: string; detail: string }>(
    'after-fix',
    (f) => `${f.repository} could not be read: ${f.detail}`,
    () => 'Check that the repository exists and that the publisher may read it, then press Retry.',
  ),
  'head-left-alone': entry<{ repository: string; commit: string }>(
    'after-fix',
    (f) =>
      `${f.repository} is left alone at ${f.commit.slice(0, 7)}: the process died twice while it looked at this commit`,
    () =>
      'Push a commit with fewer or smaller folders and package.json files: it is looked at again. Or give the process more memory and set the repository active with `/register edit`, or ask with `/publish`.',
  ),
  'fetch-failed': entry<{ repository: string; detail: string }>(
    'automatic',
    (f) => `${f.repository} could not be fetched: ${f.detail}`,
    () =>
      'Further attempts run by themselves. When all failed: check the repository with `git fsck`, and whether the git host gives files by their ids (`uploadpack.allowAnySHA1InWant`; docs/forges.md), then press Retry.',
  ),
  'object-format-unsupported': entry<{ repository: string; format: string }>(
    'after-fix',
    (f) => `${f.repository} names its commits by ${f.format}, which is not supported`,
    () =>
      'Move it into a repository that the git host makes with SHA-1 (`git init --object-format=sha1`, `extensions.objectFormat` unset), then publish again.',
  ),
  'commit-not-found': entry<{ commit: string }>(
    'after-fix',
    (f) => `Commit ${f.commit.slice(0, 7)} is not in the repository`,
    () => 'Push the commit to a branch that publishes (or check the sha), then publish it again.',
  ),
  'commit-not-on-branch': entry<{ commit: string; branches: string }>(
    'after-fix',
    (f) => `Commit ${f.commit.slice(0, 7)} is not on a branch that publishes (${f.branches})`,
    () => 'Merge it into one of these branches, or add its branch to the repository’s branches.',
  ),
  'ref-not-found': entry<{ ref: string; repository: string }>(
    'after-fix',
    (f) =>
      f.ref === ''
        ? `${f.repository} has no commit on its default branch yet`
        : `${f.repository} has no branch, tag or commit “${f.ref}”`,
    () => 'Give a branch, a tag, or at least the first seven digits of a commit that is pushed.',
  ),
  'owner-not-allowed': entry<{ owner: string; owners: string }>(
    'after-fix',
    (f) => `Repositories of ${f.owner} are not accepted here, only those of ${f.owners}`,
    () => 'Choose another repository, or add the owner to GITHUB_OWNERS and restart.',
  ),
  'setting-invalid': entry<{ setting: string; value: string; problem: string }>(
    'after-fix',
    (f) => `“${f.value}” cannot stand in ${f.setting}: ${f.problem}`,
    (f) => `Correct ${f.setting} and try again; nothing was changed.`,
  ),
  'submodule-unavailable': entry<{ path: string }>(
    'after-fix',
    (f) => `The package contains the git submodule ${f.path}, whose files are not in the commit`,
    () => 'Move the submodule out of the package folder, or commit its files, and bump the version.',
  ),
  // Failures that were stored long ago lack `why`.
  'lfs-object-missing': entry<{ path: string; count: number; why?: string }>(
    'after-fix',
    (f) => {
      const why = f.why === undefined ? '' : ` (${f.why})`;
      return f.count === 1
        ? `${f.path} is a Git LFS pointer without its contents${why}`
        : `${f.count} files are Git LFS pointers without their contents; first: ${f.path}${why}`;
    },
    () =>
      'Make them available (mostly: `git lfs push --all origin`) and press Retry, or commit the real files.',
  ),
  'package-path-not-found': entry<{ path: string }>(
    'after-fix',
    (f) => `There is no package.json at “${f.path}”`,
    () => 'Give the folder of a package in this commit, or its package.json.',
  ),
  'package-path-escapes-repository': entry<{ path: string }>(
    'never',
    (f) => `The path “${f.path}” leaves the repository`,
    () => 'Give a path inside the repository, without `..`.',
  ),
  'no-packages-found': entry<{ commit: string }>(
    'after-fix',
    (f) => `Commit ${f.commit.slice(0, 7)} holds no package.json that could be a Unity package`,
    () => 'Check that the package folders are committed and not inside a hidden or `~` folder.',
  ),
  // `files`: their number is too large, not their size; `of`: what else is too much.
  'repository-too-large': entry<{ detail: string; files?: number; of?: TooLarge }>(
    'after-fix',
    (f) => `The commit is too large to read safely: ${f.detail}`,
    remedyOfTooLarge,
  ),
  // Failures of one package.
  ...packageFailures,
  'name-invalid': entry<{ name: string; problem: string }>(
    'after-fix',
    (f) => `“${f.name}” cannot be a package name: ${f.problem}`,
    () => 'Use lower-case reverse-domain words such as `com.studio.tool`, and push again.',
  ),
  'name-contested': entry<{ name: string; holders: string }>(
    'after-fix',
    (f) => `It is not clear which repository owns ${f.name}: ${f.holders}`,
    () => 'An operator names the owner (`/register edit`), then press Retry.',
  ),
  'duplicate-name': entry<{ name: string; paths: string }>(
    'after-fix',
    (f) => `${f.name} is declared more than once in this commit: ${f.paths}`,
    () => 'Keep one of them, or give the others their own names.',
  ),
  'version-withdrawn': entry<{ version: string }>(
    'never',
    (f) => `${f.version} was published by us and has since been removed from the registry`,
    () => 'Bump `version`: a withdrawn version is never published again by itself.',
  ),
  'version-not-increased': entry<{ version: string; highest: string }>(
    'after-fix',
    (f) => `${f.version} is not higher than ${f.highest}, which is already on the registry`,
    (f) => `Bump \`version\` above ${f.highest}, or publish a backport from a registered maintenance branch.`,
  ),
  'preflight-rejected': entry<{ count: number; first: string }>(
    'after-fix',
    (f) => (f.count === 1 ? f.first : `${f.count} problems in the packed files; first: ${f.first}`),
    () => 'Correct the findings listed for this package and push again; the version can stay.',
  ),
  'tarball-too-large': entry<{ sizeMb: number; limitMb: number }>(
    'after-fix',
    (f) => `The package is ${f.sizeMb} MB; the limit is ${f.limitMb} MB`,
    () => 'Leave large files out of the package, or raise PACKAGE_SIZE_MAX_MB and the registry’s own limit.',
  ),
  'too-many-files': entry<{ files: number; limit: number }>(
    'after-fix',
    (f) => `The package folder holds ${f.files} files; the limit is ${f.limit}`,
    () => 'Take generated files out of the folder, or split the package, and bump the version.',
  ),
  'signing-failed': entry<{ problem: string }>(
    'after-fix',
    (f) => `The package could not be signed: ${f.problem}`,
    () => 'Run the command of SIGNER_COMMAND by hand to see what it says, correct it, then press Retry.',
  ),
  'signed-package-differs': entry<{ problem: string }>(
    'after-fix',
    (f) => `What the signer made is not this package with a signature: it ${f.problem}`,
    () => 'Let SIGNER_COMMAND sign the folder as it is, adding only `.attestation.p7m`, then press Retry.',
  ),
  // Failures that were stored long ago lack `version`.
  'dependency-held': entry<{ dependency: string; version?: string; others?: number }>(
    'after-fix',
    (f) => `Held: it needs ${wordAwaited(f)}, not on the registry yet`,
    () => 'Nothing to do here: it is published by itself as soon as that is on the registry.',
  ),
  ...registryFailures,
  // Failures of the process.
  'timed-out': entry<{ seconds: number }>(
    'automatic',
    (f) => `The attempt did not finish within ${f.seconds} s`,
    () =>
      'Further attempts run by themselves. When all failed: raise JOB_DEADLINE_SECONDS, then press Retry.',
  ),
  'interrupted-by-restart': entry<{ crashes: number }>(
    'after-fix',
    (f) => `The process ended ${f.crashes} times while working on this`,
    () => 'Look at the log just before the restarts (memory?), then press Retry.',
  ),
  'disk-full': entry<None>(
    'automatic',
    () => 'There is not enough room left on the volume of DATA_DIR',
    () => 'Free space on that volume. When no attempt runs by itself any more, press Retry.',
  ),
  'internal-error': entry<{ incident: string }>(
    'automatic',
    (f) => `Something failed here (ref ${f.incident})`,
    (f) => `Look for ${f.incident} in the log and report it.`,
  ),
  cancelled: entry<{ by: string }>(
    'after-fix',
    (f) => `Cancelled by ${f.by}`,
    () => 'Publish it again when wanted.',
  ),
} as const;
