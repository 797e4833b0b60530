import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderOutage, renderRefused } from '../../src/bot/embeds/notices.ts';
import { type JobProgress, renderProgress } from '../../src/bot/embeds/progress.ts';
import { renderPublished } from '../../src/bot/embeds/published.ts';
import type { Message } from '../../src/ports/channel.ts';
import { disarm, hostileJob } from './hostile-job.ts';
import { hostileText } from './hostile-text.ts';
import { listProblems } from './message-limits.ts';
import { listDropped, renderBoth, renderFailureOf } from './rendered-job.ts';
import { links, sampleJob, samplePackage } from './sample-job.ts';

describe('text from outside in a message', () => {
  it('never makes a message that Discord refuses, and drops no package', () => {
    fc.assert(
      fc.property(hostileJob(12, 14), (ended) => {
        const messages = [renderPublished(ended, links), renderFailureOf(ended)];
        expect(messages.flatMap(listProblems)).toEqual([]);
        const readable = ended.packages.filter(({ name }) => /^[\w.-]+$/.test(name));
        expect(listDropped({ ...ended, packages: readable }, messages)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);

  it('adds no mark, mention or link to what a harmless text of the same job shows', () => {
    fc.assert(
      fc.property(hostileJob(4, 4), (hostile) => {
        const harmless = disarm(hostile);
        const pairs = [
          [renderPublished(hostile, links), renderPublished(harmless, links)],
          [renderFailureOf(hostile), renderFailureOf(harmless)],
        ] as const;
        for (const [left, right] of pairs) expect(marksOf(left)).toEqual(marksOf(right));
      }),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it('stays inert in the notices and in the live message, too', () => {
    fc.assert(
      fc.property(
        hostileText(30),
        hostileText(30),
        fc.nat(2_000),
        fc.nat(2_000),
        (one, other, done, more) => {
          const render = (left: string, right: string): readonly Message[] => [
            renderProgress(progressOf(left, right, done, done + more), links),
            renderOutage({
              kind: 'outage',
              neighbour: 'registry',
              since: 1_790_000_000_000,
              detail: left,
              waiting: done,
            }),
            renderRefused(
              {
                kind: 'dispatch-refused',
                repository: left,
                failure: {
                  reason: 'repository-not-registered',
                  title: left,
                  remedy: right,
                  retry: 'after-fix',
                },
              },
              1_790_000_000_000,
            ),
          ];
          const hostile = render(one, other);
          expect(hostile.flatMap(listProblems)).toEqual([]);
          expect(hostile.map(marksOf)).toEqual(render('harmless', 'harmless').map(marksOf));
        },
      ),
      { numRuns: 4_000 },
    );
  }, 120_000);

  it('takes nothing from a readable text', () => {
    const ended = sampleJob([samplePackage('com.studio.core', { distTag: 'next' })]);
    const [message] = renderBoth(ended);
    expect(message?.embeds[0]?.description).toBe(
      '**com.studio.core** 1.2.0 → 1.3.0 🟡 MINOR · next · ' +
        '[registry](https://registry.test/com.studio.core/1.3.0) · ' +
        `[changelog](https://git.test/studio/packages/blob/${ended.commit}/Packages/com.studio.core/CHANGELOG.md)`,
    );
  });

  it('over an outage’s end stays within the limits', () => {
    const over = { kind: 'outage-over', neighbour: 'git-host', since: 0, until: 10 ** 12 } as const;
    expect(listProblems(renderOutage(over))).toEqual([]);
  });
});

function progressOf(name: string, stage: string, done: number, total: number): JobProgress {
  return {
    job: 123,
    dispatchId: '0a1b2c3d',
    repository: 'studio/packages',
    commit: '0123456789abcdef0123456789abcdef01234567',
    done,
    total,
    stages: Array.from({ length: 6 }, () => ({ package: name, stage })),
    waitingFor: done % 2 === 0 ? undefined : stage,
    startedAt: 1_790_000_000_000,
  };
}

/** Every character of a message that still means something to Discord, field by field, and every link's host. */
function marksOf(message: Message): unknown {
  const [embed] = message.embeds;
  const texts = [
    message.content,
    embed?.title ?? '',
    embed?.description ?? '',
    ...(embed?.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ];
  return {
    marks: texts.map((text) => {
      const withoutLinks = text.replaceAll(/\]\(https:\/\/(?:registry|git)\.test\/[^)\s]*\)/g, '](link)');
      return (
        withoutLinks
          .replaceAll(/\\[\\*_~`|>#[\]()<{}]/g, '')
          .match(/[\\*_~`|>#[\]()<{}]|@(?!\u200B)|[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu)
          ?.join('') ?? ''
      );
    }),
    // Where a button leads may name the package, on the registry only.
    buttons: message.buttons.map((button) =>
      button.kind === 'link' && /^https:\/\/registry\.test\/\S*$/.test(button.url)
        ? { ...button, url: 'link' }
        : button,
    ),
  };
}
