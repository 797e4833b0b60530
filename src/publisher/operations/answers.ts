import { type Failure, Outage, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import { type Repository, slugFromUrl } from '../../domain/repository/repository.ts';
import { findClosest } from '../../domain/text/closest.ts';
import type { Repositories } from '../../ports/repositories.ts';
import { outageFailure } from '../queue/outages/outage-failure.ts';
import type { NotFound, Refused } from './operations.ts';

const longestAsked = 200;

export function notFound(what: NotFound['what'], asked: string, known: Iterable<string>): NotFound {
  const shown = asked.slice(0, longestAsked).toWellFormed();
  return { kind: 'not-found', what, asked: shown, closest: findClosest(shown, known) };
}

export function refused(why: Failure): Refused {
  return { kind: 'refused', failure: renderFailure(why) };
}

/** What a neighbour or a repository said no with; anything else is a bug and is thrown on. `now` is epoch milliseconds. */
export function answerError(error: unknown, ref: string | undefined, now: number): NotFound | Refused {
  if (error instanceof Outage) return refused(outageFailure(error, now));
  if (!(error instanceof PublishError)) throw error;
  const { reason } = error.failure;
  const isMissing = reason === 'ref-not-found' || reason === 'commit-not-found';
  if (isMissing && ref !== undefined) return notFound('ref', ref, []);
  return refused(error.failure);
}

/** By any form of its address; the closest slug when there is none. */
export async function findRepository(
  repositories: Pick<Repositories, 'findBySlug' | 'list'>,
  address: string,
): Promise<Repository | NotFound> {
  const slug = slugFromUrl(address.slice(0, 1000));
  const found = slug === undefined ? undefined : await repositories.findBySlug(slug);
  if (found !== undefined) return found;
  const all = await repositories.list();
  return notFound(
    'repository',
    address,
    all.map((known) => known.slug),
  );
}

/** True when there is nothing to go on with. */
export function isAnswer<T extends object>(
  value: T,
): value is Extract<T, { readonly kind: 'not-found' | 'refused' }> {
  return 'kind' in value && (value.kind === 'not-found' || value.kind === 'refused');
}
