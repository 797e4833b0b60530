import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { packageOf } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({
    repositories: [{ slug: 'studio/off', settings: { status: 'disabled' } }, { slug: 'studio/empty' }],
  });
});

afterAll(async () => world.stop());

describe('the target of a dispatch', () => {
  it('is reported as unknown when no such commit exists', async () => {
    const job = await world.finished((await world.dispatch('0123456789'.repeat(4))).id);
    expect(job).toMatchObject({ status: 'failed', failure: { reason: 'commit-not-found' } });
    expect(job.failure?.remedy).toContain('Push the commit');
  });

  it('is reported as unknown when the commit is in another repository', async () => {
    const elsewhere = world.push({ files: { 'only-here.txt': 'x' } }, 'studio/empty');
    const job = await world.finished((await world.dispatch(elsewhere)).id);
    expect(job).toMatchObject({ status: 'failed', failure: { reason: 'commit-not-found' } });
  });

  it.each([
    ['studio/nowhere', 404, 'repository-not-registered'],
    ['studio/off', 409, 'repository-disabled'],
    ['stranger/packages', 403, 'repository-not-allowed'],
  ])('(%s) is refused with %i %s', async (repository, status, code) => {
    const body = JSON.stringify({ repository, commit_sha: 'a'.repeat(40) });
    const answer = await world.post(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code, status });
  });

  it.each(['../packages', 'Packages/../../etc', '/etc/passwd', String.raw`..\windows`, 'C:/x'])(
    'is refused with 400 when the package_path %j leaves the repository',
    async (packagePath) => {
      const body = JSON.stringify({
        repository: world.slug,
        commit_sha: 'a'.repeat(40),
        package_path: packagePath,
      });
      const answer = await world.post(body);
      expect(answer.status).toBe(400);
      const problem = (await answer.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({ code: 'invalid-payload', problems: [{ path: 'package_path' }] });
      expect(JSON.stringify(problem)).toContain('without `..`');
    },
  );

  it('fails with the path when package_path names nothing', async () => {
    const commit = world.push({
      files: unityPackage('com.studio.named', '1.0.0', { folder: 'Packages/named' }),
    });
    const { id } = await world.dispatch(commit, { package_path: 'Packages/Named' });
    const job = await world.finished(id);
    expect(job.failure).toMatchObject({ reason: 'package-path-not-found' });
    expect(job.failure?.title).toContain('Packages/Named');
    const right = await world.dispatch(commit, { package_path: './Packages/named/package.json' });
    expect(packageOf(await world.finished(right.id), 'com.studio.named').outcome).toBe('published');
  });

  it('has a report that says so when the commit has no package', async () => {
    const commit = world.push({ files: { 'README.md': 'empty' } }, 'studio/empty');
    const { id } = await world.dispatch(commit, { repository: 'studio/empty' });
    expect((await world.finished(id)).failure).toMatchObject({ reason: 'no-packages-found' });
  });

  it('fails with file, line and column when a comma is missing in the manifest', async () => {
    const folder = 'Packages/comma';
    const text = '{\n  "name": "com.studio.comma"\n  "version": "1.0.0"\n}\n';
    const files = {
      ...unityPackage('com.studio.comma', '1.0.0', { folder }),
      [`${folder}/package.json`]: text,
    };
    const item = packageOf(await world.publish({ files }), folder);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'manifest-invalid' });
    expect(item.title).toBe(
      'Packages/comma/package.json:3:3 is not valid JSON: a comma is missing before this',
    );
    expect(item.remedy).toBe('Correct line 3 of Packages/comma/package.json and push again.');
  });
});
