import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { openTrees } from '../../src/adapters/git/read-tree.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';

type Readers = Parameters<typeof openTrees>[0];
type Mirror = Parameters<ReturnType<typeof openTrees>['read']>[0];
type Reader = Parameters<Parameters<Readers['use']>[2]>[0];

const mirror = { id: 1, folder: '/mirror' } as unknown as Mirror;
const never = new AbortController().signal;
const blob = 'a'.repeat(40);

interface Folder {
  readonly [name: string]: Folder | 'file';
}

/** A mirror whose commits are these folders; it tells which trees were read. */
function openFake(commits: Readonly<Record<string, Folder>>, maxFiles: number) {
  const objects = new Map<string, Buffer>();
  const stored = new Map<Folder, string>();
  const store = (folder: Folder): string => {
    const known = stored.get(folder);
    if (known !== undefined) return known;
    const records = Object.entries(folder).map(([name, item]) => {
      const [mode, oid] = item === 'file' ? ['100644', blob] : ['40000', store(item)];
      return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    });
    const bytes = Buffer.concat(records);
    const oid = createHash('sha1').update(`tree ${bytes.length}\0`).update(bytes).digest('hex');
    objects.set(oid, bytes);
    stored.set(folder, oid);
    return oid;
  };
  const roots = new Map(
    Object.entries(commits).map(([commit, folder]) => [`${commit}^{tree}`, store(folder)]),
  );
  const read: string[] = [];
  const reader = {
    resolve: async (name: string) => roots.get(name),
    list: async (oids: readonly string[]) =>
      oids.map((oid) => ({ oid, type: 'tree', bytes: objects.get(oid)?.length })),
    request: (oids: readonly string[]) => void read.push(...oids),
    content: async function* ({ oid }: { readonly oid: string }) {
      yield objects.get(oid) ?? Buffer.alloc(0);
    },
  } as unknown as Reader;
  const trees = openTrees({ use: async (_mirror, _signal, work) => work(reader) }, maxFiles);
  const list = async (commit: string) => {
    const tree = await trees.read(mirror, commit as CommitSha, never);
    return tree === 'unreadable' ? tree : tree.map(({ path }) => path);
  };
  return { list, read };
}

const files = (count: number, folder = 'f'): Folder =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}${index}`, 'file' as const]));

it('lists every file in the order of git, folders in their place', async () => {
  const { list } = openFake({ one: { 'a.txt': 'file', a: { b: { c: 'file' } }, z: 'file', 漢: 'file' } }, 10);
  expect(await list('one')).toEqual(['a.txt', 'a/b/c', 'z', '漢']);
});

it('reads of the next commit only the folders that changed', async () => {
  const same = { Runtime: files(3), Editor: files(2, 'e') };
  const { list, read } = openFake({ one: { ...same, old: 'file' }, two: { ...same, new: 'file' } }, 100);
  await list('one');
  expect(read).toHaveLength(3);
  expect(await list('two')).toContain('Runtime/f0');
  expect(read).toHaveLength(4);
  await list('one');
  expect(read).toHaveLength(4);
});

it('refuses a commit with too many files before it lists them, however few folders they are in', async () => {
  const level = (below: Folder): Folder =>
    Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`d${index}`, below]));
  const bomb = Array.from({ length: 30 }).reduce<Folder>((below) => level(below), files(1));
  const empty = Array.from({ length: 30 }).reduce<Folder>((below) => level(below), {});
  const { list } = openFake({ bomb, empty, eleven: files(11), ten: files(10) }, 10_000);
  await expect(list('bomb')).rejects.toMatchObject({ failure: { reason: 'repository-too-large' } });
  expect(await list('empty')).toEqual([]);
  const small = openFake({ eleven: files(11), ten: files(10) }, 10);
  await expect(small.list('eleven')).rejects.toMatchObject({ failure: { facts: { files: 10 } } });
  expect(await small.list('ten')).toHaveLength(10);
});

it('refuses paths that no file system takes', async () => {
  const levels: Folder[] = [files(1)];
  for (let depth = 0; depth < 2_100; depth++) levels.push({ d: levels.at(-1) ?? {} });
  // From the innermost out, so that none is stored from within thousands of calls.
  const inner = Object.fromEntries(levels.map((folder, depth) => [`depth-${depth}`, folder]));
  const { list } = openFake(
    { ...inner, deep: levels.at(-1) ?? {}, long: { ['x'.repeat(5_000)]: 'file' } },
    10_000,
  );
  expect(await list('depth-2000')).toHaveLength(1);
  for (const commit of ['deep', 'long'])
    await expect(list(commit)).rejects.toMatchObject({ failure: { facts: { of: 'paths' } } });
});

it('keeps whole lists within bounds, the newest one whatever its size', async () => {
  const commits = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [`c${index}`, files(10, `n${index}`)]),
  );
  const { list } = openFake(commits, 10);
  for (const commit of Object.keys(commits)) expect(await list(commit)).toHaveLength(10);
});
