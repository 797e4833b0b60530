import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/adapters/system/system-clock.ts';
import type { Check, Finding } from '../src/cli/doctor/doctor-findings.ts';
import { checkBackup, checkHeartbeat } from '../src/cli/doctor/doctor-upkeep.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { nameBackup } from '../src/store/engine/backup-files.ts';

const hourMs = 3_600_000;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-upkeep-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function ask(check: Check, env: Readonly<Record<string, string>> = {}): Promise<readonly Finding[]> {
  const needed = {
    UPM_REGISTRY: 'https://registry.example.test',
    NPM_TOKEN: 'a-token-of-the-registry',
    PACKAGE_SCOPES: 'com.studio',
    GITHUB_OWNERS: 'studio',
    DATA_DIR: folder,
  };
  const loaded = loadConfig({ ...needed, ...env }, folder, { require: 'doctor' });
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  return check(loaded.config, loaded.secrets, new AbortController().signal);
}

/** Adds a backup named as the backup job names it, but modified just now, as after a copy onto another disk. */
async function addBackup(ageMs: number, into = join(folder, 'backups')): Promise<void> {
  await mkdir(into, { recursive: true });
  const file = join(into, nameBackup(systemClock.now() - ageMs));
  await writeFile(file, '');
  await utimes(file, new Date(), new Date());
}

describe('the doctor’s check of upkeep', () => {
  it('reports no missing backup before there is a database, and notes that the first is still to come', async () => {
    expect(await ask(checkBackup)).toMatchObject([{ state: 'ok' }]);
    await writeFile(join(folder, 'publisher.db'), '');
    expect(await ask(checkBackup)).toMatchObject([
      { state: 'note', text: `there is none in ${join(folder, 'backups')}` },
    ]);
  });

  it('judges by the newest backup: one of two days is a problem, with what to do', async () => {
    await addBackup(48 * hourMs + 1_000);
    expect(await ask(checkBackup)).toMatchObject([
      {
        state: 'problem',
        subject: 'backup',
        text: expect.stringMatching(/^the newest, publisher-.*Z\.db, is 48 h old$/),
        remedy: expect.stringContaining('Run the job backup'),
      },
    ]);
    await addBackup(47 * hourMs);
    expect(await ask(checkBackup)).toMatchObject([{ state: 'ok', text: expect.stringContaining('47 h') }]);
  });

  it('looks into BACKUP_DIR when it is set', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await addBackup(72 * hourMs);
    await addBackup(0, elsewhere);
    expect(await ask(checkBackup, { BACKUP_DIR: elsewhere })).toMatchObject([{ state: 'ok' }]);
  });

  it('says whether a heartbeat is set, but never its address', async () => {
    expect(await ask(checkHeartbeat)).toMatchObject([{ state: 'note', subject: 'heartbeat' }]);
    const set = await ask(checkHeartbeat, { HEARTBEAT_URL: 'https://beat.example.test/a-key' });
    expect(set).toEqual([{ state: 'ok', subject: 'heartbeat', text: 'HEARTBEAT_URL is set (not called)' }]);
  });
});
