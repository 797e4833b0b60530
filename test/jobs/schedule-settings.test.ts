import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../src/config/load-config.ts';

const needed = {
  GITHUB_OWNERS: 'studio',
  UPM_REGISTRY: 'https://registry.example.test/npm',
  NPM_TOKEN: 'the-token-of-the-registry',
  PACKAGE_SCOPES: 'com.studio',
};
const noFolder = join(tmpdir(), 'no-such-folder');

function load(env: Readonly<Record<string, string>>): Config {
  const loaded = loadConfig({ ...needed, ...env }, noFolder);
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  return loaded.config;
}

function problems(env: Readonly<Record<string, string>>): readonly string[] {
  const loaded = loadConfig({ ...needed, ...env }, noFolder);
  return loaded.kind === 'loaded' ? [] : loaded.text.split('\n').slice(1);
}

describe('the settings of schedules', () => {
  it('replace the schedules of their own jobs only', () => {
    const config = load({
      TZ_JOBS: 'Europe/Berlin',
      JOB_PACKAGE_CACHE_REFRESH: ' 5  4 * * mon ',
      JOB_RETRY_STALE: 'OFF',
    });
    expect(config).toMatchObject({
      jobsZone: 'Europe/Berlin',
      jobSchedules: { 'package-cache-refresh': '5 4 * * mon', 'retry-stale': 'off' },
      warnings: [],
    });
  });

  it('that cannot be parsed are problems with the name and what was expected', () => {
    const found = problems({
      TZ_JOBS: 'Europe/Atlantis',
      JOB_PACKAGE_CACHE_REFRESH: '@daily',
      JOB_RETRY_STALE: '0 0 30 2 *',
    });
    const expected = 'expected a five-field cron schedule (30 6 * * 1-5), or `off`';
    expect(found.map((line) => line.trim()).toSorted()).toEqual([
      `JOB_PACKAGE_CACHE_REFRESH: found "@daily"; ${expected}`,
      `JOB_RETRY_STALE: found "0 0 30 2 *"; ${expected}`,
      'TZ_JOBS: found "Europe/Atlantis"; expected an IANA time zone (Europe/Berlin)',
    ]);
  });

  it('of unknown jobs cause a warning, and so do misspelt ones', () => {
    const config = load({ JOB_MAKE_COFFEE: '0 8 * * *', JOB_RETRY_STALL: 'off' });
    expect(config.warnings).toEqual([
      'JOB_RETRY_STALL is not a variable of this program; is JOB_RETRY_STALE meant?',
      'JOB_MAKE_COFFEE is the schedule of no job here',
    ]);
  });
});
