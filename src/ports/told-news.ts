import type { Announcement } from '../domain/announcement.ts';
import type { Tellable } from '../domain/told.ts';

/** Who tells; each remembers for itself. */
export type Teller = 'digest' | 'monitor' | 'reminders';

/** What was told, so that it is told once until it changes. */
export interface ToldNews {
  /** Prints by key. */
  list(teller: Teller): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts the announcements into the outbox, each under its key (which makes it once), and remembers these items instead
   * of all earlier ones, in one transaction.
   */
  tell(
    teller: Teller,
    announcements: readonly { readonly announcement: Announcement; readonly key: string }[],
    items: readonly Tellable[],
  ): Promise<void>;
}
