import type { Slug } from '../domain/repository.ts';

/** Who a token of GitHub Actions was given to, as its issuer signed it. */
export interface WorkflowIdentity {
  readonly tokenId: string;
  readonly repository: Slug;
  readonly repositoryId: number;
  readonly ownerId: number;
  /** What started the workflow: `push`, `pull_request`, … */
  readonly eventName: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type Identified =
  | { readonly kind: 'identified'; readonly identity: WorkflowIdentity }
  /** Forged, expired, for somebody else; `detail` in plain words, without the token. */
  | { readonly kind: 'invalid'; readonly detail: string };

/** Checks identity tokens against the keys of their issuer. */
export interface WorkflowIdentities {
  /** Throws IssuerUnavailable when the issuer's keys cannot be had. */
  identify(token: string, signal: AbortSignal): Promise<Identified>;
}

/** Nothing can be said about a token now. */
export class IssuerUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the issuer of identity tokens does not answer', options);
    this.name = 'IssuerUnavailable';
  }
}
