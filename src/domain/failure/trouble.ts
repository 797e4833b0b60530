/** Something that keeps the service from doing its work, as the monitor sees it. Texts in it are hostile. */
export type Trouble =
  | { readonly kind: 'many-failures'; readonly failed: number; readonly ended: number }
  | { readonly kind: 'slow'; readonly job: number; readonly repository: string; readonly durationMs: number }
  | {
      readonly kind: 'stuck-job';
      readonly job: number;
      readonly repository: string;
      readonly status: 'queued' | 'running';
      /** Epoch milliseconds. */
      readonly since: number;
    }
  | { readonly kind: 'dispatcher-failing'; readonly repository: string; readonly runs: number }
  | { readonly kind: 'deliveries-lost'; readonly count: number }
  | { readonly kind: 'deliveries-unknown'; readonly detail: string }
  | {
      readonly kind: 'messages-wait';
      readonly count: number;
      /** Epoch milliseconds. */
      readonly since: number;
      readonly detail: string | undefined;
    };

export interface MonitorNotice {
  readonly kind: 'monitor';
  /** Troubles that are news. */
  readonly troubles: readonly Trouble[];
  /** How many troubles were announced before and are still there. */
  readonly stillOpen: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Returns what identifies a trouble: the same trouble is announced once, until its print changes. */
export function printOf(trouble: Trouble): { readonly key: string; readonly print: string } {
  switch (trouble.kind) {
    case 'stuck-job':
    case 'slow':
      return { key: `${trouble.kind} #${trouble.job}`, print: 'open' };
    case 'dispatcher-failing':
      return { key: `${trouble.kind} ${trouble.repository.toLowerCase()}`, print: 'open' };
    case 'messages-wait':
    case 'deliveries-unknown':
      // Another reason makes another trouble; how many wait changes all the time.
      return { key: trouble.kind, print: trouble.detail ?? '' };
    case 'many-failures':
    case 'deliveries-lost':
      return { key: trouble.kind, print: 'open' };
  }
}
