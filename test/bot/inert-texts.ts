import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderOutage, renderRefused } from '../../src/bot/messages/notices.ts';
import { type JobProgress, renderProgress } from '../../src/bot/messages/progress.ts';
import { renderPublished } from '../../src/bot/messages/published.ts';
import type { Message } from '../../src/ports/chat.ts';
import { disarm, hostileJob } from './hostile-job.ts';
import { hostileText } from './hostile-text.ts';
import { listProblems } from './message-limits.ts';
import { listDropped, renderFailureOf } from './rendered-job.ts';
import { links } from './sample-job.ts';

/** Tests what holds for text from outside in a message, with this many random jobs. */
export function itHoldsForRandomTexts(runs: number): void {
  it('never makes a message that Discord refuses, and drops no package', () => {
    fc.assert(
      fc.property(hostileJob(12, 14), (ended) => {
        const messages = [renderPublished(ended, links), renderFailureOf(ended)];
        expect(messages.flatMap(listProblems)).toEqual([]);
        const readable = ended.packages.filter(({ name }) => /^[\w.-]+$/.test(name));
        expect(listDropped({ ...ended, packages: readable }, messages)).toEqual([]);
      }),
      { numRuns: runs },
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
      { numRuns: 2 * runs },
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
          const render = (left: string, right: string): readonly Message[] =>
            renderNotices(left, right, done, done + more);
          const hostile = render(one, other);
          expect(hostile.flatMap(listProblems)).toEqual([]);
          expect(hostile.map(marksOf)).toEqual(render('harmless', 'harmless').map(marksOf));
        },
      ),
      { numRuns: 2 * runs },
    );
  }, 120_000);
}

function renderNotices(left: string, right: string, done: number, total: number): readonly Message[] {
  const failure = {
    reason: 'repository-not-registered',
    title: left,
    remedy: right,
    retry: 'after-fix',
  } as const;
  return [
    renderProgress(progressOf(left, right, done, total), links),
    renderOutage({
      kind: 'outage',
      neighbour: 'registry',
      since: 1_790_000_000_000,
      detail: left,
      waiting: done,
    }),
    renderRefused({ kind: 'dispatch-refused', repository: left, failure }, 1_790_000_000_000),
  ];
}

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

/**
 * Returns every character of a message that still has a meaning for Discord, field by field, and every link's host.
 */
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
    // Allows package names in the links of buttons, but only on the registry.
    buttons: message.buttons.map((button) =>
      button.kind === 'link' && /^https:\/\/registry\.test\/\S*$/.test(button.url)
        ? { ...button, url: 'link' }
        : button,
    ),
  };
}
