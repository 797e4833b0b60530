import type { GitPorts } from '../adapters/git/git-source.ts';
import type { GitHub } from '../adapters/github/github.ts';
import type { NpmRegistry } from '../adapters/registry/npm-registry.ts';
import type { RecentLog } from '../adapters/system/recent-log.ts';
import type { Config, Secrets } from '../config/load-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Looks } from '../publisher/judge/looks.ts';
import type { LookupMemory } from '../publisher/watch/catalog/remember-lookups.ts';
import type { Store } from '../store/store.ts';
import type { PipelineParts } from './open-pipeline.ts';

export interface AppDeps {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: RecentLog;
  readonly redact: (text: string) => string;
}

/** The parts that talk to the outside, in the order in which they are opened. */
export interface Parts {
  readonly store: Store;
  readonly github: GitHub;
  readonly source: GitPorts;
  readonly registry: NpmRegistry;
  /** The registry's recent answers. */
  readonly memory: LookupMemory;
  readonly packing: Packing;
  readonly looks: Looks;
  readonly pipeline: PipelineParts;
}

/** Makes tarballs out of staged files, and inspects them. */
export interface Packing {
  readonly deps: Pick<PipelineParts, 'packer' | 'secrets' | 'lfs' | 'signing'>;
  /** Starts the threads, so that the first package does not wait for their imports. */
  warm(): void;
  stop(): Promise<void>;
}
