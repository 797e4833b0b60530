import { Outage } from '../../domain/failure/failure.ts';
import { type NameTrouble, wordTrouble } from '../../domain/failure/name-trouble.ts';

/** The registry gave no usable answer: an outage, unless it turns out to answer for other names. */
export class RegistryTrouble extends Outage {
  readonly trouble: NameTrouble;
  constructor(trouble: NameTrouble, options?: ErrorOptions) {
    const kind = trouble.kind === 'forbidden' ? 'credentials' : 'down';
    const retryAfterMs = trouble.kind === 'unavailable' ? trouble.retryAfterMs : undefined;
    super('registry', kind, wordTrouble(trouble), retryAfterMs, options);
    this.trouble = trouble;
  }
}

export function unreadable(detail: string): RegistryTrouble {
  return new RegistryTrouble({ kind: 'unreadable', detail });
}

export function unavailable(detail: string, cause?: unknown, retryAfterMs?: number): RegistryTrouble {
  return new RegistryTrouble({ kind: 'unavailable', detail, retryAfterMs }, { cause });
}

const longestOrigin = 200;

/** Describes a redirect's target by its origin only, because the paths and queries of others may contain anything. */
export function wordTarget(location: string | undefined, registryUrl: string): string {
  const target = location === undefined ? null : URL.parse(location, registryUrl);
  if (target === null || target.host === '') return 'another address';
  if (target.origin === new URL(registryUrl).origin) return 'another address of its own';
  return `${target.protocol}//${target.host}`.slice(0, longestOrigin);
}
