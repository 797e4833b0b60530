import { describe, expect, it } from 'vitest';
import { wordActor } from '../../src/bot/interactions/person.ts';
import { renderPublished } from '../../src/bot/messages/published.ts';
import { wordRetried } from '../../src/bot/messages/retried.ts';
import type { JobFinished } from '../../src/domain/announcement/announcement.ts';
import { byJob, isPerson } from '../../src/domain/job/actor.ts';
import { links, sampleJob, samplePackage } from './sample-job.ts';

function findField(wanted: string, more: Partial<JobFinished>): string | undefined {
  const { embeds } = renderPublished(sampleJob([samplePackage('com.studio.core')], more), links);
  return embeds[0]?.fields.find(({ name }) => name === wanted)?.value;
}

function lateField(more: Partial<JobFinished>): string | undefined {
  return findField('Late', more);
}

describe('a push that no event announced', () => {
  it('says in its message why it is late, and by how much as far as that is known', () => {
    expect(lateField({ requestedBy: 'catch-up', foundLateMs: 47 * 60_000 })).toBe(
      'No webhook and no dispatch announced this push. It was found by looking at the branch, 47 min 0 s after its commit was made.',
    );
    expect(lateField({ requestedBy: 'catch-up' })).toBe(
      'No webhook and no dispatch announced this push. It was found by looking at the branch.',
    );
    expect(lateField({ requestedBy: 'event' })).toBeUndefined();
  });

  it('is described as such where otherwise a person is named', () => {
    expect(wordActor('catch-up')).toBe('a push that no event announced');
  });
});

describe('a job that a scheduled job asked for', () => {
  const requestedBy = byJob('retry-stale');

  it('says so in its message, and in lists where otherwise a person is named', () => {
    expect(findField('Asked for', { requestedBy })).toBe('by the job retry-stale');
    for (const other of ['event', 'catch-up', 'discord:42', 'job:@everyone'])
      expect(findField('Asked for', { requestedBy: other })).toBeUndefined();
    expect(wordActor(requestedBy)).toBe('the job retry-stale');
    expect(wordActor('job:@everyone')).not.toContain('@everyone');
  });

  it('is described as a retry when somebody presses Retry after it, unlike a push', () => {
    const followed = { kind: 'followed', job: 8, status: 'running' } as const;
    expect(wordRetried(7, { ...followed, requestedBy })).toBe(
      '#7 was already retried by the job retry-stale as #8 (running).',
    );
    expect(wordRetried(7, { ...followed, requestedBy: 'event' })).toBe(
      '#7 was already followed by #8 (running).',
    );
  });

  it('does not wait for an answer, because the scheduler reads none', () => {
    expect(isPerson(requestedBy)).toBe(false);
  });
});
