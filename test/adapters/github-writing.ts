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
/** The commit that is pushed before each test. */
export let first: CommitSha;

/**
 * Call at the top of a `describe`: gives each of its tests a GitHub with one commit, and a writer with this identity.
 */
export function useGitHub(identity: Identity, usual: WriterOptions = {}): void {
  beforeEach(async () => {
    fixture = await startGitHubFixture(identity, usual);
    first = fixture.push();
  });
  afterEach(async () => fixture.stop());
}

/** Builds a request that commits one changelog on top of the first commit. */
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

/** Returns the error with which `work` fails; throws when it succeeds. */
export async function catchError(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}
