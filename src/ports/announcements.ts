import type { Announcement, Lane } from '../domain/announcement/announcement.ts';
import type { NewsItem } from '../domain/announcement/sort-news.ts';
import type { Neighbour } from '../domain/failure/failure.ts';

export interface PendingAnnouncement {
  readonly id: number;
  readonly announcement: Announcement;
  readonly tries: number;
}

/** Announcements that wait to be said, in the order of their lane. Rows are written by the transaction that made them true. */
export interface Outbox {
  /** Of one lane (outcomes unless told); what it has behind one that waits is not due. */
  listDue(limit: number, lane?: Lane): Promise<readonly PendingAnnouncement[]>;
  markSent(id: number): Promise<void>;
  postpone(id: number, notBefore: number, detail: string): Promise<void>;
  /** Whatever waits is due now. */
  flushSoon(): Promise<void>;
  /** For announcements that no job's end makes (outage banners, refused dispatches). `key` makes it once. */
  add(announcement: Announcement, key: string): Promise<void>;
  /** The newest banner of this neighbour whose end was not told yet. */
  findOpenOutage(neighbour: Neighbour): Promise<OpenOutage | undefined>;
}

export type OpenOutage = Extract<Announcement, { kind: 'outage' }>;

/** Where the team reads outcomes. */
export interface Thread {
  /**
   * Says it, once per key however often it is asked to. Throws ThreadTrouble when it must be said later, and when a
   * person must change something first.
   */
  say(announcement: Announcement, key: string): Promise<void>;
  /** Says it past the database, which cannot be written: whoever calls sees to it that it is said once. Throws like `say`. */
  alert(outage: Extract<Announcement, { readonly kind: 'outage' }>): Promise<void>;
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

/** Which message of the thread stands for what; it survives restarts, so that nothing is posted twice. */
export interface ThreadMessages {
  find(key: string): Promise<KnownMessage | undefined>;
  /** Before the first post: from now on a crash leaves a trace. Keeps what is there. */
  begin(key: string, nonce: string): Promise<void>;
  /** Its hour in which it is edited begins now, however long it had to wait. */
  posted(key: string, messageId: string): Promise<void>;
  /** The message is gone; the next one is a new one, with this nonce. */
  replace(key: string, nonce: string): Promise<void>;
}

export interface KnownMessage {
  readonly nonce: string;
  /** Undefined while it is not known whether the post arrived. */
  readonly messageId: string | undefined;
  /** Epoch milliseconds. */
  readonly postedAt: number;
}

/** Who tells; each remembers for itself. */
export type Announcer = 'digest' | 'monitor' | 'reminders';

/** What was told, so that it is told once until it changes. */
export interface AnnouncedNews {
  /** Prints by key. */
  list(announcer: Announcer): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts the announcements into the outbox, each under its key (which makes it once), and remembers these items instead
   * of all earlier ones, in one transaction.
   */
  announce(
    announcer: Announcer,
    announcements: readonly { readonly announcement: Announcement; readonly key: string }[],
    items: readonly NewsItem[],
  ): Promise<void>;
}
