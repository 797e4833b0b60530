import { failureCatalogue } from './failure-catalogue.ts';
import type { Entry, Facts, Retry } from './failure-entry.ts';

export type { Retry } from './failure-entry.ts';
export { failureCatalogue };

type Catalogue = typeof failureCatalogue;
export type FailureReason = keyof Catalogue;
export type FailureFacts<R extends FailureReason> = Parameters<Catalogue[R]['title']>[0];
/** A reason with its facts. Nothing else about a failure is stored. */
export type Failure = {
  [R in FailureReason]: { readonly reason: R; readonly facts: FailureFacts<R> };
}[FailureReason];

export interface RenderedFailure {
  readonly reason: FailureReason;
  readonly title: string;
  readonly remedy: string;
  readonly retry: Retry;
}

export function failure<R extends FailureReason>(reason: R, facts: FailureFacts<R>): Failure {
  return { reason, facts } as unknown as Failure;
}

export function renderFailure(f: Failure): RenderedFailure {
  const known = failureCatalogue[f.reason] as Entry<Facts>;
  const facts = f.facts as Facts;
  return { reason: f.reason, title: known.title(facts), remedy: known.remedy(facts), retry: known.retry };
}

export function retryOf(f: Failure): Retry {
  return failureCatalogue[f.reason].retry;
}

/** Carries an expected failure through code that cannot return it. */
export class PublishError extends Error {
  readonly failure: Failure;
  constructor(f: Failure, options?: ErrorOptions) {
    super(f.reason, options);
    this.name = 'PublishError';
    this.failure = f;
  }
}

export const neighbours = ['registry', 'git-host', 'disk'] as const;
/** Something that we depend on, the volume of DATA_DIR too; while it is down, jobs park and no attempt is spent. */
export type Neighbour = (typeof neighbours)[number];

/**
 * Thrown by adapters when a neighbour is down (network, 5xx, 429, no room) or refuses our credentials. Not a failure.
 */
export class Outage extends Error {
  readonly neighbour: Neighbour;
  readonly kind: 'down' | 'credentials';
  /** One redacted phrase: "HTTP 503", "connection refused". */
  readonly detail: string;
  readonly retryAfterMs: number | undefined;
  constructor(
    neighbour: Neighbour,
    kind: 'down' | 'credentials',
    detail: string,
    retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(`${neighbour}: ${detail}`, options);
    this.name = 'Outage';
    this.neighbour = neighbour;
    this.kind = kind;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}
