import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawDays } from '../../src/bot/pages/chart/draw-days.ts';
import { countScale, durationScale } from '../../src/bot/pages/chart/scale.ts';

const span = { top: 10, bottom: 110 };

describe('the chart’s scale of counts', () => {
  it.each([
    [0, ['0', '1']],
    [1, ['0', '1']],
    [4, ['0', '1', '2', '3', '4']],
    [5, ['0', '2', '4', '6']],
    [23, ['0', '10', '20', '30']],
    [109, ['0', '50', '100', '150']],
  ])('up to %i has round ticks', (highest, labels) => {
    expect(countScale(highest, span).ticks.map(({ label }) => label)).toEqual(labels);
  });

  it('keeps every value inside, and higher ones above lower ones', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (highest, part) => {
        const { ticks, y } = countScale(highest, span);
        expect(y(highest)).toBeGreaterThanOrEqual(span.top);
        expect(y(highest * part)).toBeGreaterThanOrEqual(y(highest));
        expect(y(0)).toBe(span.bottom);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('the chart’s scale of durations', () => {
  it('shows seconds and hours at once', () => {
    const { ticks, y } = durationScale(3_000_000, span);
    expect(ticks.map(({ label }) => label)).toEqual(['1 s', '10 s', '1 min', '10 min', '1 h']);
    expect(y(1_000)).toBeGreaterThan(y(2_000));
  });

  it('keeps every value inside', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        const position = durationScale(ms, span).y(ms);
        expect(position).toBeGreaterThanOrEqual(span.top);
        expect(position).toBeLessThanOrEqual(span.bottom);
      }),
    );
  });
});

describe('the chart of some days', () => {
  it('says that nothing was published, even when there is no day to draw', () => {
    expect(drawDays([])).toContain('nothing was published');
  });

  it('hatches failures, so that colour is not the only difference', () => {
    const day = {
      day: '2026-11-25',
      jobs: 1,
      failedJobs: 1,
      published: 0,
      medianMs: undefined,
      slowestMs: undefined,
    };
    const count = (failed: number): number => drawDays([{ ...day, failed }]).split('url(#hatched)').length;
    expect(count(1)).toBe(count(0) + 1);
  });
});
