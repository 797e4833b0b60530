import type { GitHubEvent } from '../domain/github-event.ts';

export interface NewDelivery {
  /** The sender's own id of it; a redelivery has the same. */
  readonly delivery: string;
  /** The sender's name for the kind of event. */
  readonly name: string;
  readonly event: GitHubEvent;
}

export interface WaitingDelivery extends NewDelivery {
  readonly id: number;
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Webhooks, kept until they were looked into. Each method is one transaction. */
export interface Inbox {
  /** On disk (fsynced) when it resolves. `known`: it waits or was handled; one that failed waits again. */
  receive(delivery: NewDelivery): Promise<'stored' | 'known'>;
  /** In order; those of a repository wait behind its first one that has to. */
  listDue(limit: number): Promise<readonly WaitingDelivery[]>;
  /** `outcome` is one sentence for the log of deliveries. */
  markHandled(id: number, outcome: string): Promise<void>;
  postpone(id: number, notBefore: number): Promise<void>;
  /** For good, unless it is delivered again. */
  markFailed(id: number, why: string): Promise<void>;
  /** Epoch milliseconds of the newest delivery; undefined before the first. */
  findLastReceivedAt(): Promise<number | undefined>;
}
