import type { Announcement, Lane } from '../domain/announcement/announcement.ts';
import type { NewsItem } from '../domain/announcement/sort-news.ts';
import type { Neighbour } from '../domain/failure/failure.ts';

export interface PendingAnnouncement {
  readonly id: number;
  readonly announcement: Announcement;
  readonly tries: number;
}

/**
 * Announcements that wait to be posted, in the order of their lane. Each row is written by the transaction that made
 * its announcement true.
 */
export interface Outbox {
  /**
   * Lists due announcements of one lane (`outcomes` if left out). While the first one of a lane waits, those behind it
   * are not due.
   */
  listDue(limit: number, lane?: Lane): Promise<readonly PendingAnnouncement[]>;
  markSent(id: number): Promise<void>;
  postpone(id: number, notBefore: number, detail: string): Promise<void>;
  /** Makes all pending announcements due now. */
  flushSoon(): Promise<void>;
  /**
   * Adds an announcement that does not come from the end of a job (outage banners, refused dispatches). A `key` is
   * added at most once.
   */
  add(announcement: Announcement, key: string): Promise<void>;
  /** Returns the neighbour's newest outage banner if the end of that outage has not been announced yet. */
  findOpenOutage(neighbour: Neighbour): Promise<OpenOutage | undefined>;
}

export type OpenOutage = Extract<Announcement, { kind: 'outage' }>;

/** The thread in which the team reads outcomes. */
export interface Thread {
  /**
   * Posts the announcement, once per key, however often the method is called with that key. Throws ThreadTrouble if it
   * must be posted later, if a person must change something first, or if it can never be posted in this form.
   */
  say(announcement: Announcement, key: string): Promise<void>;
  /**
   * Posts the outage without the database, which cannot be written. The caller must make sure that it is posted only
   * once. Throws like `say`.
   */
  alert(outage: Extract<Announcement, { readonly kind: 'outage' }>): Promise<void>;
}

/**
 * `later`: the trouble passes by itself · `blocked`: a person must change something first · `refused`: the announcement
 * can never be posted in this form.
 */
export type TroubleKind = 'later' | 'blocked' | 'refused';

/** The announcement was not posted, or it is unknown whether it was. */
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

/** Which message of the thread belongs to which key. Survives restarts, so that nothing is posted twice. */
export interface ThreadMessages {
  find(key: string): Promise<KnownMessage | undefined>;
  /** Called before the first post, so that a crash after it leaves a trace. Keeps an existing entry. */
  begin(key: string, nonce: string): Promise<void>;
  /**
   * Records that the message was posted now. The hour in which the message may be edited starts here, however long it
   * waited before.
   */
  posted(key: string, messageId: string): Promise<void>;
  /** Records that the old message is gone; the next message is a new one with this nonce. */
  replace(key: string, nonce: string): Promise<void>;
}

export interface KnownMessage {
  readonly nonce: string;
  /** Undefined while it is unknown whether the post arrived. */
  readonly messageId: string | undefined;
  /** Epoch milliseconds. */
  readonly postedAt: number;
}

/** A part of the bot that makes announcements; each remembers its own. */
export type Announcer = 'digest' | 'monitor' | 'reminders';

/** What was announced, so that it is announced only once until it changes. */
export interface AnnouncedNews {
  /** Returns, by key, the `print` of each item that was announced. */
  list(announcer: Announcer): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts the announcements into the outbox and replaces the remembered items by these, in one transaction. Each key is
   * put into the outbox at most once.
   */
  announce(
    announcer: Announcer,
    announcements: readonly { readonly announcement: Announcement; readonly key: string }[],
    items: readonly NewsItem[],
  ): Promise<void>;
}
