import type { Announcement } from '../../../../src/domain/announcement/announcement.ts';
import type { AnnouncedNews, Announcer } from '../../../../src/ports/announcements.ts';

/** What was told, and what went into the outbox. */
export interface AnnouncedInMemory extends AnnouncedNews {
  readonly said: Announcement[];
  /** Empties what was said, and gives it. */
  take(): readonly Announcement[];
}

export function buildAnnouncedInMemory(): AnnouncedInMemory {
  const told = new Map<Announcer, ReadonlyMap<string, string>>();
  const keys = new Set<string>();
  const said: Announcement[] = [];
  return {
    said,
    take: () => said.splice(0),
    list: async (teller) => told.get(teller) ?? new Map(),
    announce: async (teller, announcements, items) => {
      for (const { announcement, key } of announcements) {
        if (!keys.has(key)) said.push(announcement);
        keys.add(key);
      }
      told.set(teller, new Map(items.map(({ key, print }) => [key, print])));
    },
  };
}
