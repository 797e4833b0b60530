import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { packageOf } from '../world/report-reading.ts';
import { failure, inThread, isTitled, standing, within } from '../world/thread-world.ts';
import { findPlanted, namesIn, type Planted } from './planted.ts';

const name = 'com.studio.leaky';
const token = `ghp_${'pQ7rS8tU9vW0'.repeat(3)}`;
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;
const keyId = '5f0c9a7e3b1d8246a0c4e6f81b3d5f70';
const account = { type: 'service_account', private_key_id: keyId, private_key: pem };
const planted: Planted = {
  token,
  'private key': pem.slice(100, 140),
  'id of the service account’s key': keyId,
};

/** What an attacker gains who reads packages, the thread or our log: a secret that somebody committed by mistake. */
it('a committed environment file, private key or service account stops its package and is copied nowhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'upm-committed-'));
  await mkdir(join(folder, 'tmp'));
  const env = { LOG_LEVEL: 'debug', TMPDIR: join(folder, 'tmp') };
  await inThread({ folder, env }, async ({ world, discord }) => {
    const files = unityPackage(name, '1.0.0', {
      files: {
        '.env': `TOKEN=${token}\n`,
        'Tools~/deploy.key': pem,
        'Tools~/cloud.json': JSON.stringify(account, null, 2),
        'Tools~/Readme.md': `Use ${token}.\n`,
      },
    });
    const { id } = await world.dispatch(world.push({ files }));
    const item = packageOf(await world.finished(id), name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(item.findings).toMatchObject([
      { rule: 'pack.secret-scan', file: '.env' },
      { rule: 'pack.secret-scan', file: 'Tools~/Readme.md', line: 1 },
      { rule: 'pack.secret-scan', file: 'Tools~/cloud.json', line: 2 },
      { rule: 'pack.secret-scan', file: 'Tools~/deploy.key', line: 1 },
    ]);
    expect(await world.packument(name)).toBeUndefined();
    await expect.poll(() => standing(discord).some(isTitled(failure)), within).toBe(true);
    const paths = ['/healthz', '/readyz', '/metrics', `/dispatches/${id}`];
    const answers = paths.map(async (path) => (await fetch(`${world.process.url}${path}`)).text());
    const shown = {
      answers: (await Promise.all(answers)).join('\n'),
      thread: JSON.stringify(discord.messages()),
      log: world.process.output(),
    };
    for (const [where, text] of Object.entries(shown)) {
      expect(text, where).toContain(name);
      expect(namesIn(Buffer.from(text), planted), where).toEqual([]);
    }
    const onRegistry = await findPlanted(join(folder, 'registry'), planted);
    const inTemporary = await findPlanted(join(folder, 'tmp'), planted);
    expect([...onRegistry, ...inTemporary]).toEqual([]);
    const kept = await findPlanted(join(folder, 'data'), { ...planted, name });
    // Leaves out the mirror, which is the repository itself; other text is found, so the search works.
    const besides = kept.filter((found) => !found.includes(' in mirrors/'));
    expect(besides.some((found) => found.startsWith('name in publisher.db'))).toBe(true);
    expect(besides.filter((found) => !found.startsWith('name in '))).toEqual([]);
  });
  await rm(folder, { recursive: true, force: true });
});
