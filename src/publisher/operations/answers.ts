import {
  type Failure,
  Outage,
  PublishError,
  type RenderedFailure,
  renderFailure,
} from '../../domain/failure/failure.ts';
import { type Repository, slugFromUrl } from '../../domain/repository/repository.ts';
import { findClosest } from '../../domain/text/closest.ts';
import type { Repositories } from '../../ports/repositories.ts';
import { outageFailure } from '../queue/outages/outage-failure.ts';

/** A package, repository or the like that is not there, with the closest one that is. */
export interface NotFound {
  readonly kind: 'not-found';
  readonly what: 'package' | 'repository' | 'job' | 'version' | 'ref';
  /** As typed, at most 200 characters, not escaped. */
  readonly asked: string;
  readonly closest: string | undefined;
}

/** It cannot be answered now or like this; the failure names the remedy. */
export interface Refused {
  readonly kind: 'refused';
  readonly failure: RenderedFailure;
}

/** A repository after a change; `changes` has a sentence for each difference and is empty when nothing changed. */
export interface ChangeAnswer {
  readonly kind: 'changed';
  readonly repository: Repository;
  readonly changes: readonly string[];
}

const longestAsked = 200;

export function notFound(what: NotFound['what'], asked: string, known: Iterable<string>): NotFound {
  const shown = asked.slice(0, longestAsked).toWellFormed();
  return { kind: 'not-found', what, asked: shown, closest: findClosest(shown, known) };
}

export function refused(why: Failure): Refused {
  return { kind: 'refused', failure: renderFailure(why) };
}

/**
 * Turns the error of a neighbour or a repository into an answer; throws any other error, which is a bug. `now` is epoch
 * milliseconds.
 */
export function answerError(error: unknown, ref: string | undefined, now: number): NotFound | Refused {
  if (error instanceof Outage) return refused(outageFailure(error, now));
  if (!(error instanceof PublishError)) throw error;
  const { reason } = error.failure;
  const isMissing = reason === 'ref-not-found' || reason === 'commit-not-found';
  if (isMissing && ref !== undefined) return notFound('ref', ref, []);
  return refused(error.failure);
}

/** Finds a repository by any form of its address; otherwise names the closest slug. */
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

/** Returns true for an answer that ends a use case early, false for the value it needs. */
export function isAnswer<T extends object>(
  value: T,
): value is Extract<T, { readonly kind: 'not-found' | 'refused' }> {
  return 'kind' in value && (value.kind === 'not-found' || value.kind === 'refused');
}
