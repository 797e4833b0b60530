import type { Actor } from '../domain/actor.ts';

/** Something a person still has to confirm; survives restarts. Each method is one transaction. */
export interface Proposals {
  /** Its id, for a custom id. `payload` is plain JSON. */
  add(kind: string, by: Actor, payload: unknown): Promise<number>;
  /** Takes it once: the second taker gets how it was used. Older than a day: undefined. */
  take(
    id: number,
    by: Actor,
  ): Promise<
    | { readonly kind: 'taken'; readonly proposal: string; readonly payload: unknown }
    | { readonly kind: 'used'; readonly by: Actor; readonly note: string }
    | undefined
  >;
  /** What became of it, for the second taker. */
  close(id: number, note: string): Promise<void>;
  /** Without taking it (pages, selections). */
  find(
    id: number,
  ): Promise<{ readonly proposal: string; readonly payload: unknown; readonly by: Actor } | undefined>;
  /** Replaces the payload of one that is not taken. */
  update(id: number, payload: unknown): Promise<void>;
}
