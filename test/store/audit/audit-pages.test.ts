import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { AuditPage, AuditPageRequest, AuditPages } from '../../../src/ports/audit.ts';
import { buildAuditPages } from '../../../src/store/audit/audit-pages.ts';
import { openForReading } from '../../../src/store/engine/connection.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { dispatchOf } from '../queued-job.ts';

const one = { id: 1 as RepositoryId, slug: 'studio/one' as Slug };
const two = { id: 2 as RepositoryId, slug: 'studio/two' as Slug };
let folder: string;
let store: Store;
let now: number;
/** Reads twenty rows at most for a page of one repository. */
let pages: AuditPages;

beforeEach(async () => {
  now = 1_800_000_000_000;
  folder = await mkdtemp(join(tmpdir(), 'audit-pages-'));
  const clock = { now: () => now++, monotonic: () => now, sleep: async () => undefined };
  store = await openStore({ folder, registry: 'https://npm.studio.test/', clock, redact: String });
  await store.repositories.addUnknown([
    { slug: one.slug, status: 'active' },
    { slug: two.slug, status: 'active' },
  ]);
  pages = buildAuditPages({ db: openForReading(join(folder, 'publisher.db')) }, 20);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function write(count: number, about = 'something'): Promise<void> {
  for (let index = 0; index < count; index++) {
    await store.audit.append({ action: 'done', actor: 'publisher', subject: about, facts: { index } });
  }
}

/** Reads from the newest page to the oldest one. */
async function leafThrough(request: Omit<AuditPageRequest, 'beside'>): Promise<readonly AuditPage[]> {
  const found = [await pages.listPage(request)];
  for (let last = found[0]; last?.older !== undefined; last = found.at(-1)) {
    found.push(await pages.listPage({ ...request, beside: { side: 'older', id: last.older } }));
  }
  return found;
}

const idsOf = (found: readonly AuditPage[]): readonly number[] =>
  found.flatMap(({ rows }) => rows.map(({ id }) => id));

describe('pages of the audit trail', () => {
  it('have every row once, newest first, and lead back the same way', async () => {
    await write(23);
    const all = (await store.audit.list(1_000)).length;
    const found = await leafThrough({ limit: 10 });
    expect(idsOf(found)).toEqual(Array.from({ length: all }, (_, index) => all - index));
    expect(found.map(({ newer }) => newer === undefined)).toEqual([true, false, false]);
    const back = await pages.listPage({ limit: 10, beside: { side: 'newer', id: found[2]?.newer ?? 0 } });
    expect(idsOf([back])).toEqual(idsOf([found[1] ?? back]));
    const newest = await pages.listPage({ limit: 10, beside: { side: 'newer', id: back.newer ?? 0 } });
    expect(idsOf([newest])).toEqual(idsOf([found[0] ?? back]));
    expect(newest.newer).toBeUndefined();
  });

  it('of a repository have the rows about it and its jobs, however far apart', async () => {
    await store.queue.accept(
      dispatchOf(one.id, 'a'.repeat(40), { branch: 'main', requestedBy: 'discord:7' }),
    );
    await write(70, two.slug);
    await write(1, one.slug);
    await write(50, two.slug);
    const found = await leafThrough({ limit: 10, about: one });
    const told = found.flatMap(({ rows }) => rows.map(({ action, subject }) => `${action} ${subject}`));
    expect(told).toEqual(['done studio/one', 'dispatch-accepted #1', 'repository-added studio/one']);
    const oldest = found.at(-1);
    let back = oldest;
    const seen: number[] = [];
    while (back?.newer !== undefined) {
      back = await pages.listPage({ limit: 10, about: one, beside: { side: 'newer', id: back.newer } });
      seen.push(...idsOf([back]));
    }
    expect(seen).toEqual(
      idsOf(found)
        .toReversed()
        .filter((id) => !idsOf(oldest ? [oldest] : []).includes(id)),
    );
  });

  it('of an empty trail have neither an older nor a newer page', async () => {
    const nobody = { id: 9 as RepositoryId, slug: 'studio/nine' as Slug };
    expect(await pages.listPage({ limit: 10, about: nobody })).toEqual({
      rows: [],
      older: undefined,
      newer: undefined,
    });
  });

  it('continue after rows that retention deleted', async () => {
    const { older } = await pages.listPage({ limit: 1, beside: { side: 'older', id: 1 } });
    expect(older).toBeUndefined();
  });
});

describe('the history of a job', () => {
  it('is its part of the audit trail, oldest first, and of no other job', async () => {
    await write(1, '#1');
    await write(1, '#12');
    const accepted = await store.queue.accept(
      dispatchOf(one.id, 'b'.repeat(40), { branch: 'main', requestedBy: 'discord:7' }),
    );
    await store.queue.claim([]);
    const found = await store.retries.findJob(accepted.job);
    expect(found?.history.map(({ action, actor }) => `${action} by ${actor}`)).toEqual([
      'done by publisher',
      'dispatch-accepted by discord:7',
      'job-started by publisher',
    ]);
  });
});
