import { gitSync } from '../../../sandbox/git-sync.ts';
import { commitFiles } from '../../../sandbox/unity-repository.ts';
import { botName } from '../../../src/domain/changelog/changelog.ts';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { CommitSha, Slug } from '../../../src/domain/repository/repository.ts';
import type {
  CommitFilesRequest,
  CommitFilesResult,
  PullRequest,
  PullRequestRequest,
  RepositoryWriter,
} from '../../../src/ports/github.ts';

/** The port RepositoryWriter on a bare repository: real commits, pull requests in memory. */
export interface BareWriter extends RepositoryWriter {
  /** Calls the listener before a commit is judged, so that it can act as somebody who is faster. */
  onCommit(listener: (request: CommitFilesRequest) => void): void;
  protect(branch: string): void;
  setDown(isDown: boolean): void;
  refuse(detail: string | undefined): void;
  pullRequests(): readonly (PullRequest & PullRequestRequest)[];
  merge(number: number): void;
  close(number: number): void;
  commits(): readonly CommitFilesRequest[];
}

export function buildBareWriter(bare: string): BareWriter {
  const made: CommitFilesRequest[] = [];
  const pulls: (PullRequest & PullRequestRequest)[] = [];
  const guarded = new Set<string>();
  let listener = (_request: CommitFilesRequest): void => undefined;
  let isDown = false;
  let refusal: string | undefined;

  function head(branch: string): CommitSha | undefined {
    if (isDown) throw new Outage('git-host', 'down', 'HTTP 503');
    const line = gitSync(['-C', bare, 'for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
    return line === '' ? undefined : (line as CommitSha);
  }

  function commit(request: CommitFilesRequest): CommitFilesResult {
    listener(request);
    if (refusal !== undefined) return { kind: 'refused', detail: refusal };
    if (guarded.has(request.branch)) return { kind: 'protected', detail: 'a review is required' };
    if (head(request.branch) !== request.expectedHead) return { kind: 'moved' };
    const files = request.files.map(({ path, content }) => [path, Buffer.from(content ?? '')] as const);
    const sha = commitFiles(bare, {
      branch: request.branch,
      message: `${request.headline}\n\n${request.body}`,
      author: botName,
      files: Object.fromEntries(files),
    });
    made.push(request);
    return { kind: 'committed', commit: sha as CommitSha };
  }

  function change(number: number, state: PullRequest['state']): void {
    const index = pulls.findIndex((pull) => pull.number === number);
    const pull = pulls[index];
    if (pull === undefined) throw new Error(`there is no pull request ${number}`);
    if (state === 'merged')
      gitSync(['-C', bare, 'update-ref', `refs/heads/${pull.base}`, head(pull.head) ?? '']);
    pulls[index] = { ...pull, state };
  }

  return {
    findHead: async (_slug: Slug, branch) => head(branch),
    commitFiles: async (request) => commit(request),
    setBranch: async (_slug, branch, sha) => {
      gitSync(['-C', bare, 'update-ref', `refs/heads/${branch}`, sha]);
    },
    openPullRequest: async (request) => {
      const index = pulls.findIndex((pull) => pull.head === request.head && pull.state === 'open');
      const number = index < 0 ? pulls.length + 1 : (pulls[index]?.number ?? 0);
      const pull = { ...request, number, url: `https://git.test/pull/${number}`, state: 'open' as const };
      if (index < 0) pulls.push(pull);
      else pulls[index] = pull;
      return pull;
    },
    findPullRequest: async (_slug, number) => pulls.find((pull) => pull.number === number),
    onCommit: (value) => {
      listener = value;
    },
    protect: (branch) => void guarded.add(branch),
    setDown: (value) => {
      isDown = value;
    },
    refuse: (detail) => {
      refusal = detail;
    },
    pullRequests: () => [...pulls],
    merge: (number) => change(number, 'merged'),
    close: (number) => change(number, 'closed'),
    commits: () => [...made],
  };
}
