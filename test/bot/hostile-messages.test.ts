import { describe, expect, it } from 'vitest';
import { renderOutage } from '../../src/bot/messages/notices.ts';
import { itHoldsForRandomTexts } from './inert-texts.ts';
import { listProblems } from './message-limits.ts';
import { renderBoth } from './rendered-job.ts';
import { sampleJob, samplePackage } from './sample-job.ts';

describe('text from outside in a message', () => {
  itHoldsForRandomTexts(200);

  it('keeps a readable text unchanged', () => {
    const ended = sampleJob([samplePackage('com.studio.core', { distTag: 'next' })]);
    const [message] = renderBoth(ended);
    expect(message?.embeds[0]?.description).toBe(
      '**com.studio.core** 1.2.0 → 1.3.0 🟡 MINOR · next · ' +
        '[registry](https://registry.test/com.studio.core/1.3.0) · ' +
        `[changelog](https://git.test/studio/packages/blob/${ended.commit}/Packages/com.studio.core/CHANGELOG.md)`,
    );
  });

  it('in the news of an outage’s end stays within the limits', () => {
    const over = { kind: 'outage-over', neighbour: 'git-host', since: 0, until: 10 ** 12 } as const;
    expect(listProblems(renderOutage(over))).toEqual([]);
  });
});
