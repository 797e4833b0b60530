import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  engines,
  makeTarball,
  newName,
  openRegistry,
  type ScriptedServer,
  startScripted,
  uploadOf,
} from './registry-fixtures.ts';

const never = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-engines-'));
});
afterAll(async () => rm(folder, { recursive: true }));

describe('the two publishing engines', () => {
  let recorder: ScriptedServer;
  beforeAll(async () => {
    recorder = await startScripted((_request, response) => response.writeHead(201).end('{"ok":"created"}'));
  });
  afterAll(async () => recorder.stop());

  it('send the same document', async () => {
    const fields = {
      displayName: 'Tool “ü”',
      description: 'It does',
      dependencies: { 'com.unity.core': '1.2.3' },
      keywords: ['a'],
      samples: [{ path: 'Samples~/x' }],
      unity: '2022.3',
      repository: { type: 'git', url: 'https://git.example/studio/tool.git' },
      bin: 'x.js',
      gitHead: 'f'.repeat(40),
    };
    const upload = uploadOf(await makeTarball(folder, 100_001), {
      name: newName(),
      distTag: 'beta',
      fields,
    });
    for (const { streamAboveBytes } of engines) {
      const registry = openRegistry({ url: recorder.url, streamAboveBytes });
      expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
      await registry.stop();
    }
    const [viaNpm, streamed] = recorder.bodies.map((body) => JSON.parse(body) as unknown);
    expect(streamed).toEqual(viaNpm);
    expect(viaNpm).toMatchObject({
      'dist-tags': { beta: '1.0.0' },
      versions: { '1.0.0': { ...fields, readme: '', dist: { integrity: upload.tarball.integrity } } },
    });
    expect(recorder.seen.map((request) => request.path)).toEqual([`/${upload.name}`, `/${upload.name}`]);
  });
});
