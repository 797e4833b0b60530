import { type Failure, failure, PublishError } from './failure.ts';

/** What a registry answered in place of an answer about a name. */
export type NameTrouble =
  /** 401 or 403. */
  | { readonly kind: 'forbidden'; readonly status: number }
  /** A redirect, which is never followed; `to` is an origin, or words when there is none to show. */
  | { readonly kind: 'forwarded'; readonly status: number; readonly to: string }
  /**
   * A complete answer that says nothing about the name. `detail` completes "The registry's answer for x cannot be used:
   * …".
   */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** No complete answer, 429 or 5xx: the trouble may pass. */
  | { readonly kind: 'unavailable'; readonly detail: string; readonly retryAfterMs: number | undefined };

export interface TroubleFacts {
  /** What the registry answered when it was asked again after the probe; undefined when that answer was a good one. */
  readonly again: NameTrouble | undefined;
  /** Whether the registry answers for another name. Asked only when the trouble may pass by itself. */
  readonly answersOthers: boolean;
}

/**
 * Decides whose trouble it is once the registry's probe was good: nobody's any more, the registry's, or the name's. A
 * registry that fails for every name is down whatever its probe says; a refusal of one name says nothing about the
 * others. Pure.
 */
export function decideTrouble({ again, answersOthers }: TroubleFacts): 'passed' | 'registry' | 'name' {
  if (again === undefined) return 'passed';
  return again.kind !== 'unavailable' || answersOthers ? 'name' : 'registry';
}

/**
 * Thrown when the registry answers for others and not for this name: nothing may be concluded about the name, and
 * everything else goes on. Not an outage.
 */
export class NameRefusal extends PublishError {
  /** One phrase, like the detail of an outage. */
  readonly detail: string;
  readonly retryAfterMs: number;
  /** True when the refusal may pass by itself. */
  readonly mayPass: boolean;
  constructor(packageName: string, trouble: NameTrouble, options?: ErrorOptions) {
    super(failureOf(packageName, trouble), options);
    this.name = 'NameRefusal';
    this.detail = wordTrouble(trouble);
    this.mayPass = trouble.kind === 'unavailable';
    this.retryAfterMs = trouble.kind === 'unavailable' ? (trouble.retryAfterMs ?? 0) : 0;
  }
}

/** Words the trouble in one phrase for logs and for outages. */
export function wordTrouble(trouble: NameTrouble): string {
  switch (trouble.kind) {
    case 'forbidden':
      return `HTTP ${trouble.status}`;
    case 'forwarded':
      return `HTTP ${trouble.status}: it redirects to ${trouble.to}`;
    case 'unreadable':
    case 'unavailable':
      return trouble.detail;
  }
}

function failureOf(name: string, trouble: NameTrouble): Failure {
  switch (trouble.kind) {
    case 'forbidden':
      return failure('registry-name-forbidden', { name, status: trouble.status });
    case 'forwarded':
      return failure('registry-name-forwarded', { name, to: trouble.to });
    case 'unreadable':
      return failure('registry-name-unreadable', { name, detail: trouble.detail });
    case 'unavailable':
      return failure('registry-name-unavailable', { name, detail: trouble.detail });
  }
}
