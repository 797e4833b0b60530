import { describe, expect, it } from 'vitest';
import { judgeGrowth, type MemorySample, watchMemory, wordGrowth } from './storm-memory.ts';

const everyMs = 10_000;

/** Samples of a process that warms up, then grows by this many MB a minute, with noise all the time. */
function sampled(minutes: number, grown: { heap?: number; resident?: number } = {}): MemorySample[] {
  return Array.from({ length: (minutes * 60_000) / everyMs }, (_, index) => {
    const minute = (index * everyMs) / 60_000;
    const warm = Math.min(1, (4 * minute) / minutes);
    const noise = Math.sin(index * 12.9898);
    return {
      atMs: index * everyMs,
      heapMb: 40 + 20 * warm + 3 * noise + (grown.heap ?? 0) * minute,
      residentMb: 150 + 200 * warm + 15 * noise + (grown.resident ?? 0) * minute,
    };
  });
}

describe('the judgement whether a process’s memory grows without end', () => {
  it('is no for one that warmed up and fluctuates since', () => {
    const growth = judgeGrowth(sampled(10));
    expect(growth).toMatchObject({ heap: { grows: false }, resident: { grows: false } });
    expect(wordGrowth(growth)).toMatch(/heap 6\d MB.*levels off.*resident 3\d\d MB.*levels off/);
  });

  it('is yes for a heap that keeps what it should free, and for memory that no heap explains', () => {
    expect(judgeGrowth(sampled(10, { heap: 3 }))).toMatchObject({
      heap: { grows: true },
      resident: { grows: false },
    });
    const growth = judgeGrowth(sampled(10, { resident: 20 }));
    expect(growth).toMatchObject({ heap: { grows: false }, resident: { grows: true } });
    expect(wordGrowth(growth)).toMatch(/levels off.*GROWS WITHOUT END/);
  });

  it('is yes for a slow leak too, when it is watched for longer', () => {
    expect(judgeGrowth(sampled(10, { heap: 0.4 }))?.heap.grows).toBe(false);
    expect(judgeGrowth(sampled(120, { heap: 0.4 }))?.heap.grows).toBe(true);
  });

  it('is not guessed from a short life', () => {
    expect(judgeGrowth([])).toBeUndefined();
    expect(judgeGrowth(sampled(1, { heap: 100 }))).toBeUndefined();
    expect(wordGrowth(undefined)).toContain('too short');
  });

  it('concerns one process: the memory of an earlier one does not count', () => {
    const watch = watchMemory();
    const tell = (pid: number): void =>
      watch.see({ msg: 'memory', pid, heapBytes: 2 * 1024 * 1024, residentBytes: 3 * 1024 * 1024 });
    tell(1);
    tell(1);
    watch.see({ msg: 'job finished', pid: 1 });
    expect(watch.samples()).toHaveLength(2);
    tell(2);
    expect(watch.samples()).toMatchObject([{ heapMb: 2, residentMb: 3 }]);
  });
});
