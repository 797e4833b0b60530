import { afterEach, beforeEach } from 'vitest';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import type { CommitFilesRequest } from '../../src/ports/github.ts';
import {
  type GitHubFixture,
  type Identity,
  startGitHubFixture,
  type WriterOptions,
} from './github-fixtures.ts';

export let fixture: GitHubFixture;
/** What was pushed before the test. */
export let first: CommitSha;

/** For the top of a `describe`: a GitHub for each of its tests, with one commit, and what writes there as this identity. */
export function useGitHub(identity: Identity, usual: WriterOptions = {}): void {
  beforeEach(async () => {
    fixture = await startGitHubFixture(identity, usual);
    first = fixture.push();
  });
  afterEach(async () => fixture.stop());
}

/** One changelog on top of the first commit. */
export function changelog(changes: Partial<CommitFilesRequest> = {}): CommitFilesRequest {
  return {
    slug: fixture.slug,
    branch: 'main',
    expectedHead: first,
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
