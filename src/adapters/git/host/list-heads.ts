import { failure, Outage, PublishError } from '../../../domain/failure/failure.ts';
import type { CommitSha, Slug } from '../../../domain/repository/repository.ts';
import type { RemoteHeads } from '../../../ports/git.ts';
import { legalPatterns, matchesBranch } from '../branches.ts';
import { GitTimeout } from '../run-git.ts';
import { askRefs, type RemoteRefs } from './ask-refs.ts';
import { explainFailure, type RemoteDeps, repositoryUrlOf, runRemote } from './fetch.ts';

const heads = 'refs/heads/';

/** The default branch by name, and the heads that the patterns name. Throws like a fetch, and fetch-failed. */
export async function listHeads(
  deps: RemoteDeps,
  slug: Slug,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<RemoteHeads> {
  const wanted = legalPatterns(patterns);
  const { defaultBranch, refs } = await listRefs(
    deps,
    slug,
    wanted.map((pattern) => `${heads}${pattern}`),
    signal,
  );
  const found = [...refs].flatMap(([name, oid]): readonly (readonly [string, CommitSha])[] => {
    const branch = name.startsWith(heads) ? name.slice(heads.length) : '';
    return matchesBranch(branch, wanted) ? [[branch, oid as CommitSha]] : [];
  });
  const head = refs.get('HEAD') as CommitSha | undefined;
  const isNamed = defaultBranch !== undefined && head !== undefined;
  return { defaultBranch, heads: new Map(isNamed ? [...found, [defaultBranch, head]] : found) };
}

/** HEAD and these refs (full names, no patterns) as they are now. Throws like listHeads. */
export async function listRemote(
  deps: RemoteDeps,
  slug: Slug,
  names: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const { defaultBranch, refs } = await listRefs(deps, slug, names, signal);
  const wanted = new Set(['HEAD', ...names]);
  return { defaultBranch, refs: new Map([...refs].filter(([name]) => wanted.has(name))) };
}

/** In one request where the host speaks protocol v2, by `git ls-remote` where it does not. May hold refs besides. */
async function listRefs(
  deps: RemoteDeps,
  slug: Slug,
  names: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs> {
  if (deps.olderHosts.has(slug)) return lsRemote(deps, slug, names, signal);
  const prefixes = names.map((name) => name.replace(/(?:\*.*|\^\{\})$/, ''));
  const found = await askRefs(deps, slug, [...new Set(prefixes)], signal);
  if (found !== undefined && found !== 'not-understood') return found;
  const listed = await lsRemote(deps, slug, names, signal);
  // A connection that broke says nothing about the protocol.
  if (found === 'not-understood') deps.olderHosts.add(slug);
  return listed;
}

/** Whatever names its commits here, and in every dispatch, is SHA-1. */
function checkObjectFormat(slug: Slug, listed: string): void {
  if (!/^[0-9a-f]{64}\t/m.test(listed)) return;
  throw new PublishError(failure('object-format-unsupported', { repository: slug, format: 'SHA-256' }));
}

async function lsRemote(
  deps: RemoteDeps,
  slug: Slug,
  names: readonly string[],
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const args = ['ls-remote', '--symref', '--end-of-options', repositoryUrlOf(deps, slug), 'HEAD', ...names];
  const ask = async (): Promise<RemoteRefs | undefined> => {
    const result = await runRemote(deps, { slug, args }, signal);
    return result.code === 0 ? parseListed(slug, result.stdout.toString('utf8')) : undefined;
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

function parseListed(slug: Slug, text: string): RemoteRefs {
  checkObjectFormat(slug, text);
  const refs = new Map<string, string>();
  for (const [, oid = '', name = ''] of text.matchAll(/^([0-9a-f]{40})\t(.+)$/gm)) refs.set(name, oid);
  return { defaultBranch: /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(text)?.[1], refs };
}
