import type { Announcement } from '../domain/announcement.ts';

/** Where the team reads outcomes. */
export interface Thread {
  /**
   * Says it, once per key however often it is asked to. Throws ThreadTrouble when it must be said later, and when a
   * person must change something first.
   */
  say(announcement: Announcement, key: string): Promise<void>;
  /** Says it past the database, which cannot be written: whoever calls sees to it that it is said once. Throws like `say`. */
  cry(outage: Extract<Announcement, { readonly kind: 'outage' }>): Promise<void>;
}

/** `later`: by itself · `blocked`: a person must change something first · `refused`: never in this form. */
export type TroubleKind = 'later' | 'blocked' | 'refused';

/** It was not said (or nobody knows). */
export class ThreadTrouble extends Error {
  readonly kind: TroubleKind;
  readonly retryAfterMs: number | undefined;
  constructor(kind: TroubleKind, detail: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ThreadTrouble';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
