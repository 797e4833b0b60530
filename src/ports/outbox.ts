import type { Announcement, Lane } from '../domain/announcement.ts';
import type { Neighbour } from '../domain/failure.ts';

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
  hasten(): Promise<void>;
  /** For announcements that no job's end makes (outage banners, refused dispatches). `key` makes it once. */
  add(announcement: Announcement, key: string): Promise<void>;
  /** The newest banner of this neighbour whose end was not told yet. */
  findOpenOutage(neighbour: Neighbour): Promise<OpenOutage | undefined>;
}

export type OpenOutage = Extract<Announcement, { kind: 'outage' }>;
