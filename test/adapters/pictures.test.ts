import { afterAll, describe, expect, it } from 'vitest';
import { buildPictures } from '../../src/adapters/discord/picture/pictures.ts';
import { drawDays } from '../../src/bot/pages/chart/draw-days.ts';
import { silent } from './registry-fixtures.ts';

const never = new AbortController().signal;
const errors: string[] = [];
const pictures = buildPictures({ ...silent, error: (message) => void errors.push(message) });
afterAll(async () => pictures.stop());

const svg = drawDays(
  Array.from({ length: 30 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    jobs: index,
    failedJobs: 1,
    published: index * 3,
    failed: index % 4,
    ...(index % 7 === 0
      ? { medianMs: undefined, slowestMs: undefined }
      : { medianMs: 4_000, slowestMs: 90_000 }),
  })),
);

async function draw(text: string): Promise<Buffer> {
  return Buffer.from((await pictures.draw(text, never)) ?? []);
}

describe('a drawn picture', () => {
  it('is a PNG with the words in it, and has the same bytes for the same days', async () => {
    const [first, second] = [await draw(svg), await draw(svg)];
    expect(first.subarray(1, 4).toString()).toBe('PNG');
    expect([first.readUInt32BE(16), first.readUInt32BE(20)]).toEqual([1080, 882]);
    expect(first.equals(second)).toBe(true);
    // Without a font the words would be missing without any error.
    const wordless = await draw(svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, ''));
    expect(first.length - wordless.length).toBeGreaterThan(5_000);
  }, 30_000);

  it('is left out, with a line in the log, when drawing fails; the next one is drawn again', async () => {
    expect(await pictures.draw('no drawing', never)).toBeUndefined();
    expect(errors).toEqual(['a picture could not be drawn']);
    expect((await draw(svg)).length).toBeGreaterThan(1_000);
  }, 30_000);
});
