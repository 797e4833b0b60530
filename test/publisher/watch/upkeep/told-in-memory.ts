import type { Announcement } from '../../../../src/domain/announcement/announcement.ts';
import type { Teller, ToldNews } from '../../../../src/ports/announcements.ts';

/** A record of what was announced, with the announcements that went into the outbox. */
export interface ToldInMemory extends ToldNews {
  readonly said: Announcement[];
  /** Returns what was announced and clears it. */
  take(): readonly Announcement[];
}

export function buildToldInMemory(): ToldInMemory {
  const told = new Map<Teller, ReadonlyMap<string, string>>();
  const keys = new Set<string>();
  const said: Announcement[] = [];
  return {
    said,
    take: () => said.splice(0),
    list: async (teller) => told.get(teller) ?? new Map(),
    tell: async (teller, announcements, items) => {
      for (const { announcement, key } of announcements) {
        if (!keys.has(key)) said.push(announcement);
        keys.add(key);
      }
      told.set(teller, new Map(items.map(({ key, print }) => [key, print])));
    },
  };
}
