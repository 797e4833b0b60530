import { describe, expect, it } from 'vitest';
import { renderPublished } from '../../src/bot/embeds/published.ts';
import { wordActor } from '../../src/bot/person.ts';
import type { JobFinished } from '../../src/domain/announcement.ts';
import { links, sampleJob, samplePackage } from './sample-job.ts';

function lateField(more: Partial<JobFinished>): string | undefined {
  const { embeds } = renderPublished(sampleJob([samplePackage('com.studio.core')], more), links);
  return embeds[0]?.fields.find(({ name }) => name === 'Late')?.value;
}

describe('a push that no event announced', () => {
  it('says why it is late, and by how much as far as that is known', () => {
    expect(lateField({ requestedBy: 'catch-up', foundLateMs: 47 * 60_000 })).toBe(
      'No webhook and no dispatch announced this push. It was found by looking at the branch, 47 min 0 s after its commit was made.',
    );
    expect(lateField({ requestedBy: 'catch-up' })).toBe(
      'No webhook and no dispatch announced this push. It was found by looking at the branch.',
    );
    expect(lateField({ requestedBy: 'event' })).toBeUndefined();
  });

  it('has a name where a person would stand', () => {
    expect(wordActor('catch-up')).toBe('a push that no event announced');
  });
});
