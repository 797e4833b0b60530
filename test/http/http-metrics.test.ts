import { expect, it } from 'vitest';
import { buildHttpMetrics } from '../../src/http/http-metrics.ts';

it('metrics are read once a second, whoever asks, and again after a store that could not be read', async () => {
  let now = 0;
  let reads = 0;
  const metrics = buildHttpMetrics(
    async () => {
      reads += 1;
      if (reads === 1) throw new Error('locked');
      return { queued: reads, running: 0, parked: 0 };
    },
    () => now,
  );
  const [first] = await Promise.all(Array.from({ length: 10 }, async () => metrics.read()));
  expect(first).not.toContain('upm_jobs{');
  now += 999;
  expect(await metrics.read()).toBe(first);
  expect(reads).toBe(1);
  now += 1;
  expect(await metrics.read()).toContain('upm_jobs{state="queued"} 2');
});
