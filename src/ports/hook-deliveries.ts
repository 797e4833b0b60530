export interface HookDelivery {
  /** Of this attempt. */
  readonly id: number;
  /** The same for every attempt. */
  readonly delivery: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly isDelivered: boolean;
}

/** Webhooks of the App, as the git host sent them. Every method throws Outage('git-host'). */
export interface HookDeliveries {
  /** Attempts since then, newest first; empty without an App. */
  list(since: number, signal: AbortSignal): Promise<readonly HookDelivery[]>;
  /** Has it sent again, under the same delivery id. */
  redeliver(id: number, signal: AbortSignal): Promise<void>;
}
