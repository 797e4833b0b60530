import type { CommitSha } from '../../src/domain/repository.ts';
import type { CommitFilesRequest } from '../../src/ports/repository-writer.ts';
import type { GitHubFixture } from './github-fixtures.ts';

/** One changelog on top of `expectedHead`, for a writer of this fixture. */
export function requestChangelog(
  { slug }: GitHubFixture,
  expectedHead: CommitSha,
  changes: Partial<CommitFilesRequest> = {},
): CommitFilesRequest {
  return {
    slug,
    branch: 'main',
    expectedHead,
    files: [{ path: 'Packages/Core/CHANGELOG.md', content: Buffer.from('# Changelog\n') }],
    headline: 'docs: update changelogs',
    body: '',
    ...changes,
  };
}

/** What `work` fails with; throws when it does not. */
export async function catchError(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}
