import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SteppedHost, steps } from '../stepped-host.ts';

const minuteMs = 60_000;
const farMs = 10 * 365 * 24 * 60 * minuteMs;

const step = fc.record({
  by: fc.oneof(fc.integer({ min: -farMs, max: farMs }), fc.constantFrom(...steps)),
  passMs: fc.integer({ min: 0, max: 20_000 }),
  isRestart: fc.boolean(),
});

describe('any steps of the clock, with restarts between', () => {
  it('delay a job by less than its own wait and what a restart does not remember', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.integer({ min: 1, max: 600_000 }),
        async (all, waitMs) => {
          const host = await SteppedHost.start();
          try {
            await host.postponeJob(waitMs);
            for (const { by, passMs, isRestart } of all) {
              host.set(by);
              if (isRestart) await host.restart();
              await host.pass(passMs);
            }
            // Each restart may forget the minute since the time was last recorded.
            await host.pass(waitMs + all.length * minuteMs + 2_000);
            const job = await host.store.queue.claim([]);
            const second = await host.store.queue.claim([]);
            expect([job?.attempt, second]).toEqual([2, undefined]);
          } finally {
            await host.remove();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
