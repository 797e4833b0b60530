import { expect, it } from 'vitest';
import { claimJob, commitOf, dispatchOf } from '../queued-job.ts';
import { folder, now, pass, reopen, store, useStillStore } from '../still-store.ts';
import { openTestStore } from '../test-store.ts';

useStillStore({ 'studio/one': 'active' });

const stranger = 'https://elsewhere.test/';

it('counts why rules worded entries in place of a model, of the time and the registry that is asked for', async () => {
  await store.queue.accept(dispatchOf(1, commitOf(1)));
  const job = await claimJob(store.queue);
  let versions = 0;
  const save = async (fallback: string | undefined, into = store): Promise<void> => {
    versions += 1;
    return into.changelogs.save(job, [
      {
        name: `com.studio.p${versions}`,
        version: '1.0.0',
        path: `p${versions}`,
        commit: job.commit,
        branch: 'main',
        date: '2027-01-28',
        body: '- Windows',
        moved: [],
        wordedBy: fallback === undefined ? 'model' : 'commits',
        fallback,
        cited: [],
      },
    ]);
  };
  await save('too slow');
  pass(1_000);
  const from = now;
  await save('too slow');
  await save('too slow');
  await save('no answer');
  await save('another answer');
  await save(undefined);
  await store.close();
  const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
  const elsewhere = await openTestStore(folder, { registry: stranger, clock });
  await save('of another registry', elsewhere);
  await elsewhere.close();
  await reopen();
  pass(1_000);
  await save('too slow');

  expect(await store.changelogs.countFallbacks(from, now)).toEqual([
    { why: 'too slow', times: 2 },
    { why: 'another answer', times: 1 },
    { why: 'no answer', times: 1 },
  ]);
  expect(await store.changelogs.countFallbacks(from - 1_000, now + 1)).toMatchObject([
    { why: 'too slow', times: 4 },
    {},
    {},
  ]);
  expect(await store.changelogs.countFallbacks(now + 1, now + 2)).toEqual([]);
});
