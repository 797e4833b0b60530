import type { Announcement } from '../domain/announcement.ts';

/** Where the team reads outcomes. */
export interface Thread {
  /** Resolves when it is said; throws when it must be said later. `key` identifies it across retries. */
  say(announcement: Announcement, key: string): Promise<void>;
}
