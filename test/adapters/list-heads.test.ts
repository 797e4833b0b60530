import { afterEach, describe, expect, it } from 'vitest';
import type { HostKind } from '../../sandbox/host-kind.ts';
import { parseRefs } from '../../src/adapters/git/host/ask-refs.ts';
import type { GitWorld } from './git-world.ts';
import { never, slug, startGitWorld } from './git-world.ts';

describe('the heads of a repository', () => {
  let world: GitWorld;

  const start = async (kind: HostKind = {}): Promise<void> => {
    world = await startGitWorld({ kind });
  };
  const list = async (...patterns: readonly string[]) => world.source().listHeads(slug, patterns, never);

  afterEach(async () => world.stop());

  it('come in one request, without a process, and only those that were asked for', async () => {
    await start();
    const main = world.commit({ files: { a: '1' } });
    const release = world.commit({ branch: 'release/1.x', files: { a: '2' } });
    world.commit({ branch: 'release/1.x-draft', files: { a: '3' } });
    world.commit({ branch: 'main-2', files: { a: '4' } });
    const draft = world.commit({ branch: 'release/2.x-draft', files: { a: '5' } });
    world.host.clearRequests();
    const { defaultBranch, heads } = await list('release/1.x', 'release/2*');
    expect(defaultBranch).toBe('main');
    expect(Object.fromEntries(heads)).toEqual({
      main,
      'release/1.x': release,
      'release/2.x-draft': draft,
    });
    expect(world.host.requests().map(({ service }) => service)).toEqual(['upload-pack']);
  });

  it('come by `git ls-remote` from a host of the older protocol, which is not tried again', async () => {
    await start({ protocol: 0 });
    const main = world.commit({ files: { a: '1' } });
    const release = world.commit({ branch: 'release/1.x', files: { a: '2' } });
    const expected = { main, 'release/1.x': release };
    expect(Object.fromEntries((await list('release/*')).heads)).toEqual(expected);
    world.host.clearRequests();
    expect(Object.fromEntries((await list('release/*')).heads)).toEqual(expected);
    expect(world.host.requests().map(({ service }) => service)).toEqual(['info']);
  });

  it('come by `git ls-remote` once when a connection breaks, and in one request again after that', async () => {
    await start();
    const main = world.commit({ files: { a: '1' } });
    let broken = 1;
    world.host.setFault(() => (broken-- > 0 ? { kind: 'reset' } : undefined));
    expect(Object.fromEntries((await list()).heads)).toEqual({ main });
    world.host.clearRequests();
    expect(Object.fromEntries((await list()).heads)).toEqual({ main });
    expect(world.host.requests().map(({ service }) => service)).toEqual(['upload-pack']);
  });

  it('are none in an empty repository', async () => {
    await start();
    expect(await list('release/*')).toEqual({ defaultBranch: undefined, heads: new Map() });
  });
});

describe('an answer of ls-refs', () => {
  const oid = 'a'.repeat(40);
  const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;
  const parse = (text: string) => parseRefs(Buffer.from(text));

  it('names the default branch, and what an annotated tag stands for', () => {
    const peeled = 'b'.repeat(40);
    const head = line(`${oid} HEAD symref-target:refs/heads/trunk\n`);
    const tag = line(`${oid} refs/tags/v1 peeled:${peeled}\n`);
    expect(parse(`${head}${tag}0000`)).toEqual({
      defaultBranch: 'trunk',
      refs: new Map([
        ['HEAD', oid],
        ['refs/tags/v1', oid],
        ['refs/tags/v1^{}', peeled],
      ]),
    });
    expect(parse('0000')).toEqual({ defaultBranch: undefined, refs: new Map() });
  });

  it.each([
    ['nothing', ''],
    ['an end that is missing', line(`${oid} refs/heads/a\n`)],
    ['a line that is cut', line(`${oid} refs/heads/a\n`).slice(0, -3)],
    ['a line that is cut before its end', `${line(`${oid} refs/heads/a\n`).slice(0, -3)}0000`],
    ['an error', `${line('ERR access denied\n')}0000`],
    ['a SHA-256 repository', `${line(`${oid}${oid.slice(0, 24)} HEAD\n`)}0000`],
    ['a length of no line', '0003'],
    ['a page', '<!doctype html>'],
  ])('is not believed when it is %s', (_what, text) => {
    expect(parse(text)).toBeUndefined();
  });
});
