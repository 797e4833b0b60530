import type { HostKind } from './host-kind.ts';
import type { ProcessOptions } from './process.ts';

export interface WorldOptions {
  /** Repositories besides the first one, `studio/packages`, which is always there. */
  readonly repositories?: readonly {
    readonly slug: string;
    readonly settings?: Record<string, unknown>;
    /** Kind of the repository; the host's when left out. */
    readonly kind?: HostKind;
  }[];
  readonly env?: Readonly<Record<string, string>>;
  readonly scopes?: string;
  /** Folder of everything; a temporary one that `stop` removes when left out. */
  readonly folder?: string;
  readonly onLine?: ProcessOptions['onLine'];
  readonly maxBodySize?: string;
  /** See ProcessOptions; `folder` and its `data` must be accessible to that user. */
  readonly user?: number;
  /** Whether the bot runs, against a double of Discord. */
  readonly discord?: boolean;
  /** Whether the process is a GitHub App instead of using a token. */
  readonly asApp?: boolean;
}
