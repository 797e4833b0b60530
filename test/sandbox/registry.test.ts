import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../../sandbox/registry.ts';
import { makeTarball, openRegistry, uploadOf } from '../adapters/registry-fixtures.ts';

const never = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-registry-'));
});
afterAll(async () => rm(folder, { recursive: true }));

describe('the sandbox registry', () => {
  it('knows its packages and tokens again after a restart', async () => {
    const own = join(folder, 'restarted');
    const first = await startRegistry({ folder: own });
    const port = Number(new URL(first.url).port);
    const client = openRegistry({ url: first.url, token: () => first.token });
    const upload = uploadOf(await makeTarball(folder, 64));
    await client.put(upload, never);
    await first.stop();
    await expect(client.probe(never)).rejects.toMatchObject({
      name: 'Outage',
      kind: 'down',
    });
    const second = await startRegistry({ folder: own, port });
    await expect(client.probe(never)).resolves.toBeUndefined();
    expect((await client.findPackument(upload.name, never))?.versions.has('1.0.0')).toBe(true);
    await client.stop();
    await second.stop();
  });
});
