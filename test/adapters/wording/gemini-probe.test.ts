import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gemini, startGemini } from '../../../sandbox/gemini.ts';
import {
  type GeminiProbe,
  type GeminiTrouble,
  probeGemini,
} from '../../../src/adapters/wording/gemini-probe.ts';

let gemini: Gemini;

beforeEach(async () => {
  gemini = await startGemini();
});

afterEach(async () => gemini.stop());

async function probe(more: Partial<GeminiProbe> = {}, timeoutMs = 5_000): Promise<GeminiTrouble | undefined> {
  const { key: apiKey, model, url: apiUrl } = gemini;
  return probeGemini({ apiKey, model, apiUrl, ...more }, AbortSignal.timeout(timeoutMs));
}

describe('a probe of the model', () => {
  it('reports no problem when key and model are good, and asks for no words', async () => {
    expect(await probe()).toBeUndefined();
    expect(gemini.requests()).toEqual([]);
  });

  it('distinguishes a refused key, an unknown model, an outage and a silence', async () => {
    expect(await probe({ apiKey: 'wrong' })).toEqual({ why: 'refuses our key (HTTP 400)', isOurs: true });
    expect(await probe({ model: 'none/../other' })).toEqual({
      why: 'does not know the model “none/../other”',
      isOurs: true,
    });
    gemini.setFault({ kind: 'status', status: 503 });
    expect(await probe()).toEqual({ why: 'answered HTTP 503', isOurs: false });
    gemini.setFault({ kind: 'hang' });
    expect(await probe({}, 50)).toEqual({ why: 'did not answer in time', isOurs: false });
    await gemini.stop();
    gemini = await startGemini();
    expect(await probe({ apiUrl: 'http://127.0.0.1:1' })).toEqual({
      why: 'could not be reached',
      isOurs: false,
    });
  });
});
