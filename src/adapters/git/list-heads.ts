import { failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import type { CommitSha, Slug } from '../../domain/repository/repository.ts';
import type { RemoteHeads } from '../../ports/git.ts';
import { legalPatterns } from './branches.ts';
import { explainFailure, type RemoteDeps, repositoryUrlOf, runRemote } from './fetch.ts';
import { GitTimeout } from './run-git.ts';

/** `git ls-remote`: the default branch by name, and the heads that are asked for. Throws like a fetch, and fetch-failed. */
export async function listHeads(
  deps: RemoteDeps,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<RemoteHeads> {
  const { defaultBranch, refs } = await listRemote(deps, slug, [], signal);
  const head = refs.get('HEAD') as CommitSha | undefined;
  const wanted = legalPatterns(patterns).map((pattern) => `refs/heads/${pattern}`);
  const heads = new Map(wanted.length === 0 ? [] : await askHeads(deps, slug, wanted, signal));
  if (defaultBranch !== undefined && head !== undefined) heads.set(defaultBranch, head);
  return { defaultBranch, heads };
}

export interface RemoteRefs {
  /** Undefined when the repository is empty. */
  readonly defaultBranch: string | undefined;
  /** Object ids by full name, HEAD among them; only of those asked for and there. */
  readonly refs: ReadonlyMap<string, string>;
}

/** HEAD and these refs (full names, no patterns) as they are now. */
export async function listRemote(
  deps: RemoteDeps,
  slug: Slug,
  names: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const text = await lsRemote(deps, slug, ['--symref'], ['HEAD', ...names], signal);
  const refs = new Map<string, string>();
  checkObjectFormat(slug, text);
  for (const [, oid = '', name = ''] of text.matchAll(/^([0-9a-f]{40})\t(.+)$/gm)) refs.set(name, oid);
  return { defaultBranch: /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(text)?.[1], refs };
}

/** Whatever names its commits here, and in every dispatch, is SHA-1. */
function checkObjectFormat(slug: Slug, listed: string): void {
  if (!/^[0-9a-f]{64}\t/m.test(listed)) return;
  throw new PublishError(failure('object-format-unsupported', { repository: slug, format: 'SHA-256' }));
}

async function askHeads(
  deps: RemoteDeps,
  slug: Slug,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, CommitSha])[]> {
  const text = await lsRemote(deps, slug, ['--heads'], wanted, signal);
  return [...text.matchAll(/^([0-9a-f]{40})\trefs\/heads\/(.+)$/gm)].map(
    ([, sha, branch = '']) => [branch, sha as CommitSha] as const,
  );
}

async function lsRemote(
  deps: RemoteDeps,
  slug: Slug,
  options: readonly string[],
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const args = ['ls-remote', ...options, '--end-of-options', repositoryUrlOf(deps, slug), ...patterns];
  const ask = async (): Promise<string | undefined> => {
    const result = await runRemote(deps, { slug, args }, signal);
    return result.code === 0 ? result.stdout.toString('utf8') : undefined;
  };
  try {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await explainFailure(deps, slug, signal);
    // The host would serve it: a token was renewed meanwhile, or a connection broke.
    const second = await ask();
    if (second !== undefined) return second;
  } catch (error) {
    if (!(error instanceof GitTimeout)) throw error;
    throw new Outage('git-host', 'down', 'no answer in time', undefined, { cause: error });
  }
  throw new PublishError(
    failure('fetch-failed', { repository: slug, detail: 'its branches could not be listed' }),
  );
}
