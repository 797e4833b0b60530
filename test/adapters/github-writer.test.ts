import { describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { PublishError } from '../../src/domain/failure/failure.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import type { Identity } from './github-fixtures.ts';
import { catchError, changelog, first, fixture, useGitHub } from './github-writing.ts';

const signal = AbortSignal.timeout(60_000);
const bytes = (text: string): Uint8Array => Buffer.from(text);

function show(revision: string, path: string): string {
  const { bare } = fixture.github.repository(fixture.slug);
  return gitSync(['-C', bare, 'show', `${revision}:${path}`]);
}

describe.each<Identity>(['personal token', 'App'])('the GitHub writer with %s', (identity) => {
  useGitHub(identity, { pacesWrites: false });

  it('finds the head of a branch, and undefined when there is no such branch', async () => {
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
    expect(await fixture.writer.findHead(fixture.slug, 'release/1.x', signal)).toBeUndefined();
  });

  it('commits several files at once on top of the expected head, and a clone sees them', async () => {
    const files = [
      { path: 'A b/ü.md', content: bytes('one\n') },
      { path: 'B.bin', content: new Uint8Array([0, 255, 10, 13]) },
      { path: 'README.md', content: undefined },
    ];
    const result = await fixture.writer.commitFiles(changelog({ files, body: 'Why.' }), signal);
    expect(result.kind).toBe('committed');
    expect(show('main', 'A b/ü.md')).toBe('one');
    const { bare } = fixture.github.repository(fixture.slug);
    expect(gitSync(['-C', bare, 'cat-file', '-s', 'main:B.bin'])).toBe('4');
    expect(gitSync(['-C', bare, 'ls-tree', '--name-only', 'main'])).not.toContain('README.md');
    expect(gitSync(['-C', bare, 'log', '-1', '--format=%B', 'main'])).toBe('docs: update changelogs\n\nWhy.');
    expect(gitSync(['-C', bare, 'rev-parse', 'main^'])).toBe(first);
  });

  it('commits nothing when somebody else was faster', async () => {
    const second = fixture.push({ files: { 'README.md': '# More\n' } });
    expect(await fixture.writer.commitFiles(changelog(), signal)).toEqual({ kind: 'moved' });
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(second);
  });

  it.each(['classic', 'ruleset'] as const)('says that a branch is protected (%s) and why', async (how) => {
    fixture.github.protect(fixture.slug, 'main', { how });
    const result = await fixture.writer.commitFiles(changelog(), signal);
    expect(result).toMatchObject({ kind: 'protected', detail: expect.stringContaining('pull request') });
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
  });

  it('reports GitHub’s own words when the branch does not exist', async () => {
    const result = await fixture.writer.commitFiles(changelog({ branch: 'gone' }), signal);
    expect(result).toEqual({ kind: 'refused', detail: 'No ref named "gone" exists' });
  });

  it('makes a branch, leaves it where it is, moves it forward, and elsewhere only by force', async () => {
    const { slug, writer } = fixture;
    await writer.setBranch(slug, 'upm/register', first, false, signal);
    await writer.setBranch(slug, 'upm/register', first, false, signal);
    expect(await writer.findHead(slug, 'upm/register', signal)).toBe(first);
    const second = fixture.push({ files: { a: 'a' } });
    await writer.setBranch(slug, 'upm/register', second, false, signal);
    const back = writer.setBranch(slug, 'upm/register', first, false, signal);
    await expect(back).rejects.toMatchObject({ failure: { reason: 'repository-unavailable' } });
    await fixture.anotherWriter().setBranch(slug, 'upm/register', first, true, signal);
    expect(await writer.findHead(slug, 'upm/register', signal)).toBe(first);
  });

  it('opens one pull request for a branch, updates it, and finds it by its number', async () => {
    const { slug } = fixture;
    fixture.push({ branch: 'upm/register', parent: first, files: { a: 'a' } });
    const request = { slug, base: 'main', head: 'upm/register', title: 'Publish', body: 'One' };
    const opened = await fixture.writer.openPullRequest(request, signal);
    expect(opened).toMatchObject({ number: 1, state: 'open', url: expect.stringMatching(/\/pull\/1$/) });
    const again = await fixture.anotherWriter().openPullRequest({ ...request, body: 'Two' }, signal);
    expect(again.number).toBe(1);
    expect(fixture.github.repository(slug).pulls).toMatchObject([{ body: 'Two', state: 'open' }]);
    fixture.github.merge(slug, 1);
    expect(await fixture.writer.findPullRequest(slug, 1, signal)).toMatchObject({ state: 'merged' });
    expect(await fixture.writer.findPullRequest(slug, 2, signal)).toBeUndefined();
  });

  it('leaves a second between writes when it paces them, as GitHub asks', async () => {
    const paced = fixture.anotherWriter({ pacesWrites: true });
    const startedAt = performance.now();
    await paced.setBranch(fixture.slug, 'upm/register', first, false, signal);
    await paced.setBranch(fixture.slug, 'upm/another', first, false, signal);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it('opens one pull request when two callers ask at once', async () => {
    const { slug } = fixture;
    fixture.push({ branch: 'upm/register', parent: first, files: { a: 'a' } });
    const request = { slug, base: 'main', head: 'upm/register', title: 'Publish', body: '' };
    const both = [fixture.writer, fixture.anotherWriter()];
    const opened = await Promise.all(both.map(async (writer) => writer.openPullRequest(request, signal)));
    expect(opened.map(({ number }) => number)).toEqual([1, 1]);
  });

  it('says why a pull request cannot be opened', async () => {
    fixture.push({ branch: 'upm/register', parent: first });
    const { slug } = fixture;
    await fixture.anotherWriter().setBranch(slug, 'same', first, false, signal);
    const request = { slug, base: 'main', head: 'same', title: 'Publish', body: '' };
    const error = await catchError(fixture.writer.openPullRequest(request, signal));
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      failure: { reason: 'repository-unavailable', facts: { detail: expect.stringContaining('No commits') } },
    });
  });

  it('goes on after a rename, and distinguishes a missing repository from a missing branch', async () => {
    const { slug, writer } = fixture;
    fixture.github.rename(slug, 'studio/tools');
    expect(await writer.findHead(slug, 'main', signal)).toBe(first);
    expect((await writer.commitFiles(changelog(), signal)).kind).toBe('committed');
    const error = await catchError(writer.findHead('studio/nowhere' as Slug, 'main', signal));
    expect(error).toBeInstanceOf(PublishError);
  });

  it('does not write to an archived repository, and says so', async () => {
    fixture.github.archive(fixture.slug);
    expect(await fixture.writer.commitFiles(changelog(), signal)).toMatchObject({ kind: 'refused' });
  });
});
