import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema> | Transaction<Schema>;

/** What every part of the store needs. */
export interface StoreContext {
  readonly db: Kysely<Schema>;
  /**
   * The same database, for what may be lost with the power though not with the process: it is done or read again from
   * what was durable before. A promise to somebody, an intent and an outcome go through `db`.
   */
  readonly relaxed: Kysely<Schema>;
  /** The registry that owners, intents and cached packuments belong to. */
  readonly registry: string;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** Serializes a value with all its strings redacted, so that no secret reaches the disk. */
export function toJson(context: Pick<StoreContext, 'redact'>, value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? context.redact(item) : item,
  );
}

/** Parses JSON that `toJson` wrote. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
