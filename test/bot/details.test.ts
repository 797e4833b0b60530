import { describe, expect, it } from 'vitest';
import type { Answer, ButtonContext } from '../../src/bot/components/button.ts';
import { detailsButton } from '../../src/bot/components/details-button.ts';
import type { AuditEntry } from '../../src/ports/audit.ts';
import type { FoundJob } from '../../src/ports/jobs.ts';
import { jobReport } from './sample-answers.ts';

const ada = '123456789012345678';
const at = 1_800_000_000_000;

function entry(
  second: number,
  action: string,
  facts: AuditEntry['facts'] = {},
  actor = 'publisher',
): AuditEntry {
  return { at: at + second * 1_000, action, actor, subject: '#7', facts };
}

/** Returns the answer to a person who presses Details. */
async function read(history: FoundJob['history']): Promise<Answer> {
  const found: FoundJob = {
    repository: 'studio/one',
    commit: 'c'.repeat(40),
    requestedBy: 'event',
    report: jobReport(7, { status: 'failed' }),
    history,
  };
  const context = {
    retries: { findJob: async () => found },
    recentLog: () => ['a line'],
  } as unknown as ButtonContext;
  return detailsButton.press(context, 7, { userId: '1', roleIds: [], canManageGuild: false });
}

describe('the Details of a job', () => {
  it('show who asked, when each attempt began, what it waited for and what followed', async () => {
    const { content, files } = await read([
      entry(0, 'dispatch-accepted', { commit: 'c' }, `discord:${ada}`),
      entry(1, 'job-started', { attempt: 1 }),
      entry(2, 'job-parked', { attempt: 1, neighbour: 'git-host', detail: 'HTTP 503 @everyone' }),
      entry(60, 'job-resumed', { neighbour: 'git-host' }),
      entry(61, 'job-started', { attempt: 1 }),
      entry(62, 'job-finished', { status: 'partially-failed' }),
      entry(99, 'job-retried', { as: 8 }, 'job:retry-stale'),
      entry(100, 'something-new', {}, 'event'),
    ]);
    const seconds = at / 1_000;
    expect(content.split('\n').slice(0, 9)).toEqual([
      '**#7 failed** · studio/one · `ccccccc`',
      `<t:${seconds}:T> asked for by <@${ada}>`,
      `<t:${seconds + 1}:T> attempt 1 began`,
      `<t:${seconds + 2}:T> waits for the git host: HTTP 503 @\u200Beveryone`,
      `<t:${seconds + 60}:T> goes on: the git host is well again`,
      `<t:${seconds + 61}:T> attempt 1 began`,
      `<t:${seconds + 62}:T> ended: partially failed`,
      `<t:${seconds + 99}:T> followed by #8, asked for by the job retry-stale`,
      `<t:${seconds + 100}:T> something-new by a push`,
    ]);
    expect(content).toContain('a line\n```');
    expect(files).toBeUndefined();
  });

  it('keep the beginning and the end of a long history, and attach the whole of it', async () => {
    const parked = Array.from({ length: 150 }, (_, index) =>
      entry(index + 1, 'job-parked', { neighbour: 'registry', detail: `HTTP 503 ${'x'.repeat(400)}` }),
    );
    const { content, files = [] } = await read([
      entry(0, 'dispatch-accepted', {}, 'event'),
      ...parked,
      entry(500, 'job-finished', { status: 'failed' }),
    ]);
    expect(content.length).toBeLessThanOrEqual(2_000);
    expect(content).toMatch(/asked for by a push\n.*\n… 141 more in the attached file\n/);
    expect(content.split('\n').at(-1)).toBe('Stages, findings and log: attached.');
    const text = files[0]?.text ?? '';
    expect(text.match(/waits for the registry/g)).toHaveLength(150);
    expect(text).toContain('2027-01-15T08:08:20Z  ended: failed');
    expect(text).toContain('a line');
  });

  it('of hostile facts forge no line and leave no block', async () => {
    const { content } = await read([
      entry(0, 'job-parked', { neighbour: '\n```\n# now', detail: { deep: true } }, 'x\ny'),
      entry(0, '__proto__', {}, '`@here`'),
    ]);
    expect(content.split('```')).toHaveLength(3);
    expect(content.split('\n').slice(0, 3)).toEqual([
      '**#7 failed** · studio/one · `ccccccc`',
      expect.stringMatching(/waits for the .*: \?$/),
      expect.stringMatching(/by /),
    ]);
  });
});
