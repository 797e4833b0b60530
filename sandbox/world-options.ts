import type { HostKind } from './host-kind.ts';
import type { ProcessOptions } from './process.ts';

export interface WorldOptions {
  /** Besides `owner/name` of the first one, which is always there. */
  readonly repositories?: readonly {
    readonly slug: string;
    readonly settings?: Record<string, unknown>;
    /** As every other one when left out. */
    readonly kind?: HostKind;
  }[];
  readonly env?: Readonly<Record<string, string>>;
  readonly scopes?: string;
  /** Where everything is kept; a temporary folder that `stop` removes when left out. */
  readonly folder?: string;
  readonly onLine?: ProcessOptions['onLine'];
  readonly maxBodySize?: string;
  /** See ProcessOptions; `folder` and its `data` must be open to that user. */
  readonly user?: number;
  /** With the bot, against a Discord of our own; headless otherwise. */
  readonly discord?: boolean;
  /** As a GitHub App instead of with a token. */
  readonly asApp?: boolean;
}
