import { describe, expect, it } from 'vitest';
import { beforeDeadline, GivenUp } from '../../src/bot/interactions/deadline.ts';
import { buildInterim } from '../../src/bot/interactions/interim.ts';
import { say } from '../../src/bot/interactions/reply.ts';
import type { Clock } from '../../src/ports/clock.ts';

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('the progress text that is shown while an answer is being made', () => {
  function watch(edit?: () => Promise<void>) {
    let now = 0;
    const shown: string[] = [];
    const interim = buildInterim({
      clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
      logger,
      edit: async ({ content }) => {
        shown.push(content);
        await edit?.();
      },
    });
    const showAt = async (ms: number): Promise<void> => {
      now = ms;
      interim.show(say(String(ms)));
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { shown, interim, showAt };
  }

  it('changes at most every two seconds', async () => {
    const { shown, showAt } = watch();
    for (const ms of [0, 1, 1_999, 2_000, 2_001, 3_999, 4_500]) await showAt(ms);
    expect(shown).toEqual(['0', '2000', '4500']);
  });

  it('waits for the previous edit, and the final answer waits for the last one', async () => {
    let finish = (): void => undefined;
    const { shown, interim, showAt } = watch(
      async () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    await showAt(0);
    await showAt(5_000);
    expect(shown).toEqual(['0']);
    let isOver = false;
    const end = interim.end().then(() => {
      isOver = true;
    });
    await showAt(9_000);
    expect(isOver).toBe(false);
    finish();
    await end;
    expect(shown).toEqual(['0']);
  });

  it('may fail without harm', async () => {
    const { shown, interim, showAt } = watch(async () => Promise.reject(new Error('429')));
    await showAt(0);
    await showAt(2_000);
    await interim.end();
    expect(shown).toEqual(['0', '2000']);
  });
});

describe('the deadline of an answer', () => {
  /** Makes a clock whose pause ends when the test says so. */
  function stoppable() {
    let pass = (): void => undefined;
    const pauses: number[] = [];
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      sleep: async (ms, signal) => {
        pauses.push(ms);
        return new Promise((resolve, reject) => {
          pass = resolve;
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
        });
      },
    };
    return { clock, pauses, pass: () => pass() };
  }
  const never = new AbortController().signal;

  it('returns an answer that is ready in time', async () => {
    const { clock, pauses } = stoppable();
    expect(await beforeDeadline(clock, never, async () => 'done')).toBe('done');
    expect(pauses).toEqual([13 * 60_000]);
  });

  it('gives up before Discord does, and stops the work', async () => {
    const { clock, pass } = stoppable();
    let stopped: AbortSignal | undefined;
    const answer = beforeDeadline(clock, never, async (signal) => {
      stopped = signal;
      return new Promise(() => undefined);
    });
    pass();
    await expect(answer).rejects.toThrow(GivenUp);
    await expect(answer).rejects.toThrow(/takes longer than an answer may wait/);
    expect(stopped?.aborted).toBe(true);
  });

  it('comes at once when the process stops', async () => {
    const { clock } = stoppable();
    const stopping = new AbortController();
    const answer = beforeDeadline(clock, stopping.signal, async () => new Promise(() => undefined));
    stopping.abort();
    await expect(answer).rejects.toThrow(/is being restarted/);
    await expect(
      beforeDeadline(clock, stopping.signal, async () => new Promise(() => undefined)),
    ).rejects.toThrow(GivenUp);
  });
});
