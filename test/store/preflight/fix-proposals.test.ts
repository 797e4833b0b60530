import { describe, expect, it } from 'vitest';
import { blocked, commit, fail, one } from '../failed-job.ts';
import { store, useStillStore } from '../still-store.ts';

const requestedBy = 'discord:123456789012345678';

useStillStore({ 'studio/one': 'active' });

const proposal = {
  repositoryId: one,
  name: 'com.studio.a',
  commit,
  pullRequest: 7,
  url: 'https://git.test/pull/7',
  requestedBy,
};
const shown = [{ name: 'com.studio.a', pullRequest: 7, url: 'https://git.test/pull/7' }];
const lastSaid = async () => (await store.outbox.listDue(10)).at(-1)?.announcement;

describe('a proposed fix', () => {
  it('is stored once for a package and commit, audited, and shown on the message of the failed job', async () => {
    const job = await fail(store, blocked('com.studio.a', {}));
    await store.fixProposals.save(proposal, job.number);
    await store.fixProposals.save({ ...proposal, pullRequest: 8 }, job.number);
    expect(await store.fixProposals.find(one, 'com.studio.a', commit)).toEqual(proposal);
    expect(await store.fixProposals.find(one, 'com.studio.b', commit)).toBeUndefined();
    expect(await lastSaid()).toMatchObject({
      kind: 'fix-proposed',
      ended: { job: job.number },
      fixes: shown,
    });
    const proposed = (await store.audit.list(10)).filter(({ action }) => action === 'fix-proposed');
    expect(proposed).toMatchObject([
      { actor: requestedBy, subject: 'com.studio.a', facts: { pullRequest: 7 } },
    ]);
  });

  it('stays on the message when the job is retried, before it or after', async () => {
    const job = await fail(store, blocked('com.studio.a', {}));
    await store.fixProposals.save(proposal, job.number);
    await store.retries.retry(job.number, 'discord:123456789012345678');
    const retried = { kind: 'job-retried', as: job.number + 1 };
    expect(await lastSaid()).toMatchObject({ ...retried, fixes: shown });
    await store.fixProposals.save({ ...proposal, name: 'com.studio.b', pullRequest: 9 }, job.number);
    expect(await lastSaid()).toMatchObject({ ...retried, fixes: [...shown, { pullRequest: 9 }] });
  });
});
