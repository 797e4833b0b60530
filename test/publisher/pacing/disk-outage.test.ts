import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../../src/domain/announcement/announcement.ts';
import { type DiskFault, DiskTrouble } from '../../../src/domain/failure/disk-trouble.ts';
import { failure, Outage, PublishError } from '../../../src/domain/failure/failure.ts';
import { findDiskOutage } from '../../../src/publisher/pacing/disk-outage.ts';
import { type OutageDeps, watchOutages } from '../../../src/publisher/queue/outages/outages.ts';
import { silent, startThread, type ThreadFixture } from '../../bot/thread-fixture.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });
const sound = { check: async () => undefined };
const full = {
  check: async () => {
    throw new PublishError(failure('disk-full', {}));
  },
};

describe('an error during work on the disk', () => {
  const faults: readonly (readonly [DiskFault, string])[] = [
    ['full', 'there is no room left'],
    ['read-only', 'it is mounted read-only'],
    ['broken', 'it does not read or write any more'],
  ];
  it.each(faults)(
    'of a %s disk is an outage while the check of the disk fails: %s',
    async (fault, detail) => {
      const volume = {
        check: async () => {
          throw new DiskTrouble(fault);
        },
      };
      const outage = await findDiskOutage(volume, new DiskTrouble(fault));
      expect(outage).toMatchObject({ neighbour: 'disk', detail });
    },
  );

  it('fails the work itself when the disk has room again', async () => {
    expect(await findDiskOutage(sound, new DiskTrouble('full'))).toBeUndefined();
    expect(await findDiskOutage(sound, new PublishError(failure('disk-full', {})))).toBeUndefined();
  });

  it('about something else is not taken for one of the disk, even when the disk is full', async () => {
    expect(await findDiskOutage(full, coded('ENOENT'))).toBeUndefined();
    expect(await findDiskOutage(full, new PublishError(failure('cancelled', { by: 'x' })))).toBeUndefined();
    expect(await findDiskOutage(full, new Error('a bug'))).toBeUndefined();
  });
});

describe('an outage of a disk that cannot be written', () => {
  let fixture: ThreadFixture;
  beforeEach(async () => {
    fixture = await startThread();
  });
  afterEach(async () => fixture.stop());

  it('is announced once with the remedy, probed until the database accepts its end, and then announced as over', async () => {
    const { store, thread, clock } = fixture;
    const complaints: string[] = [];
    let isWritable = false;
    const cried: Announcement[] = [];
    const guard = async <T>(work: () => Promise<T>): Promise<T> => {
      if (!isWritable) throw new DiskTrouble('full');
      return work();
    };
    let probes = 0;
    const { promise: isOver, resolve: onResume } = Promise.withResolvers<void>();
    const deps: OutageDeps = {
      ...store,
      clock,
      logger: { ...silent, error: (message) => complaints.push(message) },
      keeper: {
        ...store.keeper,
        failParked: async (before) => guard(async () => store.keeper.failParked(before)),
        resume: async (neighbour) => guard(async () => store.keeper.resume(neighbour)),
      },
      registry: { probe: async () => undefined },
      source: { probe: async () => undefined },
      // The volume has room again before the database can be written.
      volume: {
        check: async () => {
          probes++;
          isWritable = probes > 12;
          if (probes < 8) throw new DiskTrouble('full');
        },
      },
      thread: {
        cry: async (outage) => {
          cried.push(outage);
          await thread.cry(outage);
        },
      },
      credentialsOf: () => '',
      parkMs: 72 * 3_600_000,
      onResume,
    };
    const watch = watchOutages(deps);
    watch.report(new Outage('disk', 'down', 'there is no room left'), undefined);
    await isOver;
    expect(watch.list()).toEqual([]);
    expect(cried).toHaveLength(1);
    expect(complaints).toEqual(['an outage could not be written down; it is tried again']);
    for (const { id, announcement } of await store.outbox.listDue(10)) {
      await thread.say(announcement, `announcement-${id}`);
    }
    expect(fixture.standing().map(({ embeds }) => embeds[0]?.title)).toEqual([
      '⏳ The publisher’s disk is full or cannot be written',
      '✅ The publisher’s disk can be written again',
    ]);
    expect(fixture.standing()[0]?.embeds[0]?.description).toContain('Free space on the volume of DATA_DIR');
    expect(fixture.discord.violations()).toEqual([]);
    await watch.stop();
  });
});
