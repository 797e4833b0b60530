import { failure, PublishError } from '../../../domain/failure/failure.ts';
import { isRefName } from '../../../domain/repository/branch-pattern.ts';
import { type CommitSha, parseCommitSha, type Slug } from '../../../domain/repository/repository.ts';
import type { ResolveRequest } from '../../../ports/git.ts';
import { inOrder, type Mirror, type Mirrors } from '../mirrors.ts';
import type { Readers } from '../readers.ts';
import type { RemoteDeps } from './fetch.ts';
import { listRemote } from './list-heads.ts';

export interface ResolveDeps {
  readonly remote: RemoteDeps;
  readonly readers: Readers;
  readonly mirrors: Mirrors;
  /** Brings the allowed branches into the mirror. */
  readonly update: () => Promise<void>;
}

/** Shorter ones are too easily ambiguous, and too easily words. */
const abbreviation = /^[0-9a-f]{7,39}$/i;
const longestShown = 200;

/** The commit that a person means; a branch before a tag, a name before a commit's digits. Throws ref-not-found. */
export async function resolveRef(
  deps: ResolveDeps,
  mirror: Mirror,
  request: ResolveRequest,
  signal: AbortSignal,
): Promise<CommitSha> {
  const { ref, slug } = request;
  const oid =
    ref === undefined
      ? await findNamed(deps, mirror, slug, ['HEAD'], signal)
      : await findTyped(deps, mirror, slug, ref, signal);
  const commit = oid === undefined ? undefined : parseCommitSha(oid);
  if (commit !== undefined) return commit;
  const shown = (ref ?? '').slice(0, longestShown).toWellFormed();
  throw new PublishError(failure('ref-not-found', { ref: shown, repository: slug }));
}

async function findTyped(
  deps: ResolveDeps,
  mirror: Mirror,
  slug: Slug,
  ref: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (parseCommitSha(ref) !== undefined) return ref;
  if (!isRefName(ref)) return undefined;
  const named = await findNamed(deps, mirror, slug, namesOf(ref), signal);
  return named ?? (abbreviation.test(ref) ? expand(deps, mirror, ref, signal) : undefined);
}

/** The first of these full names that the git host has. */
async function findNamed(
  deps: ResolveDeps,
  mirror: Mirror,
  slug: Slug,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const { refs, defaultBranch } = await listRemote(deps.remote, slug, names, signal);
  if (defaultBranch !== undefined) {
    await inOrder(mirror, async () => deps.mirrors.saveDefaultBranch(mirror, defaultBranch));
  }
  return names.map((name) => refs.get(name)).find((oid) => oid !== undefined);
}

/** An annotated tag is an object of its own; its commit is listed behind `^{}`. */
function namesOf(ref: string): readonly string[] {
  const short = ref.replace(/^refs\/(?:heads|tags)\//, '');
  return [`refs/heads/${short}`, `refs/tags/${short}^{}`, `refs/tags/${short}`];
}

/** The only commit of the mirror that begins like this, asked again after a fetch. */
async function expand(
  deps: ResolveDeps,
  mirror: Mirror,
  digits: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ask = async (): Promise<string | undefined> =>
    deps.readers.use(mirror, signal, async (reader) => reader.resolve(`${digits}^{commit}`));
  const known = await ask().catch(() => undefined);
  if (known !== undefined) return known;
  await deps.update();
  return ask();
}
