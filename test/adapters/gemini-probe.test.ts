import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gemini, startGemini } from '../../sandbox/gemini.ts';
import { type GeminiProbe, probeGemini } from '../../src/adapters/gemini-probe.ts';

let gemini: Gemini;

beforeEach(async () => {
  gemini = await startGemini();
});

afterEach(async () => gemini.stop());

async function probe(more: Partial<GeminiProbe> = {}, timeoutMs = 5_000): Promise<string | undefined> {
  const { key: apiKey, model, url: apiUrl } = gemini;
  return probeGemini({ apiKey, model, apiUrl, ...more }, AbortSignal.timeout(timeoutMs));
}

describe('a look at the model', () => {
  it('says nothing when key and model are good, and asks for no words', async () => {
    expect(await probe()).toBeUndefined();
    expect(gemini.requests()).toEqual([]);
  });

  it('tells a key that is refused, a model that is not known, an outage and a silence apart', async () => {
    expect(await probe({ apiKey: 'wrong' })).toBe('refuses our key (HTTP 400)');
    expect(await probe({ model: 'none/../other' })).toBe('does not know the model “none/../other”');
    gemini.setFault({ kind: 'status', status: 503 });
    expect(await probe()).toBe('answered HTTP 503');
    gemini.setFault({ kind: 'hang' });
    expect(await probe({}, 50)).toBe('did not answer in time');
    await gemini.stop();
    gemini = await startGemini();
    expect(await probe({ apiUrl: 'http://127.0.0.1:1' })).toBe('could not be reached');
  });
});
