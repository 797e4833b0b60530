import { afterEach, describe, expect, it } from 'vitest';
import { buildGitHubApi } from '../../src/adapters/github/api-client.ts';
import { buildCommitChecks } from '../../src/adapters/github/commit-checks.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { Outage } from '../../src/domain/failure/failure.ts';
import type { CommitCheck } from '../../src/domain/repository/commit-check.ts';
import type { CommitChecks } from '../../src/ports/github.ts';
import { type GitHubFixture, type Identity, startGitHubFixture } from './github-fixtures.ts';

const signal = AbortSignal.timeout(60_000);
let fixture: GitHubFixture;

afterEach(async () => fixture.stop());

async function start(identity: Identity, granted: Readonly<Record<string, string>>): Promise<CommitChecks> {
  fixture = await startGitHubFixture(identity);
  const { github, credentials } = fixture;
  for (const installation of github.state.installations)
    installation.permissions = { ...installation.permissions, ...granted };
  for (const [text, token] of github.state.tokens)
    github.state.tokens.set(text, { ...token, canWriteStatuses: granted['statuses'] === 'write' });
  const options = { apiUrl: github.apiUrl, timeoutMs: 10_000, clock: systemClock, pacesWrites: false };
  return buildCommitChecks(buildGitHubApi({ ...options, credentials }));
}

function checkOf(count: number): CommitCheck {
  return {
    conclusion: 'failure',
    title: `${count} blocking findings`,
    summary: 'all of them',
    annotations: Array.from({ length: count }, (_, index) => ({
      path: `Runtime/A${index}.cs`,
      line: 1,
      level: 'failure',
      title: 'meta.missing',
      message: 'commit the meta',
    })),
  };
}

describe('a check on a commit', () => {
  it('is a single check run of the App, updated by each report, with all its annotations', async () => {
    const checks = await start('App', { checks: 'write' });
    const commit = fixture.push();
    expect(await checks.begin(fixture.slug, commit, signal)).toBe('check');
    const { checkRuns, statuses } = fixture.github.repository(fixture.slug);
    expect(checkRuns).toMatchObject([{ name: 'upm-publisher', commit, status: 'in_progress' }]);
    expect(await checks.finish(fixture.slug, commit, checkOf(120), signal)).toBe('check');
    expect(checkRuns).toMatchObject([
      { status: 'completed', conclusion: 'failure', title: '120 blocking findings' },
    ]);
    expect(checkRuns[0]?.annotations).toHaveLength(120);
    expect(statuses).toEqual([]);
  });

  it('requests a token with no other right than to write checks', async () => {
    const checks = await start('App', { checks: 'write' });
    await checks.begin(fixture.slug, fixture.push(), signal);
    const writing = fixture.issuedTokens().filter(({ canWriteChecks }) => canWriteChecks);
    expect(writing).toMatchObject([{ canWrite: false, canRead: false, canWriteStatuses: false }]);
  });

  it.each<Identity>(['App', 'personal token'])(
    'is a commit status when %s may write statuses but no check runs',
    async (identity) => {
      const checks = await start(identity, { statuses: 'write' });
      const commit = fixture.push();
      expect(await checks.begin(fixture.slug, commit, signal)).toBe('status');
      expect(await checks.finish(fixture.slug, commit, checkOf(2), signal)).toBe('status');
      const { checkRuns, statuses } = fixture.github.repository(fixture.slug);
      expect(checkRuns).toEqual([]);
      expect(statuses).toEqual([
        { commit, context: 'upm-publisher', state: 'pending', description: 'packing and checking' },
        { commit, context: 'upm-publisher', state: 'failure', description: '2 blocking findings' },
      ]);
    },
  );

  it.each<Identity>(['App', 'personal token'])(
    'is left out, without an error, when %s may write neither check runs nor statuses',
    async (identity) => {
      const checks = await start(identity, {});
      expect(await checks.begin(fixture.slug, fixture.push(), signal)).toBe('not-permitted');
    },
  );

  it('waits while GitHub is down instead of reporting a missing permission', async () => {
    const checks = await start('App', { checks: 'write' });
    const commit = fixture.push();
    fixture.github.setFault(({ path }) =>
      path.endsWith('/check-runs') ? { kind: 'status', status: 502 } : undefined,
    );
    await expect(checks.begin(fixture.slug, commit, signal)).rejects.toThrow(Outage);
  });
});
