import { expect, it } from 'vitest';
import { openTrees } from '../../src/adapters/git/read-tree.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';

type Deps = Parameters<typeof openTrees>[0];
type Mirror = Parameters<ReturnType<typeof openTrees>['read']>[0];

const mirror = { id: 1, folder: '/mirror' } as unknown as Mirror;
const never = new AbortController().signal;

/** Opens a fake git whose commits are named after their number of files; `listed` records which trees were listed. */
function openFake(maxFiles: number) {
  const listed: string[] = [];
  const run = async (...[args, , , take]: Parameters<Deps['run']>) => {
    const commit = args.at(-1) ?? '';
    listed.push(commit);
    const count = Number(commit.split('-')[0]);
    const records = Array.from(
      { length: count },
      (_, index) => `100644 blob ${'a'.repeat(40)}\tfile${index}\0`,
    );
    const isCut = take?.(Buffer.from(records.join(''))) === false;
    return { code: 0, stdout: Buffer.alloc(0), isCut };
  };
  const trees = openTrees({ run } as unknown as Deps, maxFiles);
  const read = async (commit: string) => trees.read(mirror, commit as CommitSha, never);
  return { listed, read };
}

it('the tree cache counts the files of its trees and drops the trees that were used longest ago', async () => {
  const { listed, read } = openFake(10);
  for (const commit of ['6-a', '5-b', '6-a', '4-c']) await read(commit);
  // Fifteen files are kept: all three trees so far.
  expect(listed).toEqual(['6-a', '5-b', '4-c']);
  await read('5-d');
  listed.length = 0;
  for (const commit of ['6-a', '4-c', '5-d']) expect(await read(commit)).toHaveLength(Number(commit[0]));
  expect(listed).toEqual([]);
  await read('5-b');
  expect(listed).toEqual(['5-b']);
});

it('the tree cache keeps the newest tree whatever its size, and only a few of many small ones', async () => {
  const { listed, read } = openFake(10);
  for (const commit of ['10-a', '10-a', '9-b', '9-b']) await read(commit);
  expect(listed).toEqual(['10-a', '9-b']);
  listed.length = 0;
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 100; index++) await read(`0-${index}`);
  }
  expect(listed).toHaveLength(200);
});
