import type { Run } from '../run/pipeline.ts';
import { changelogLimits, type ReadChangelog, readText } from './changelog-file.ts';
import type { ChangelogDeps } from './deps.ts';

type ReadText = Exclude<ReadChangelog, { readonly kind: 'pointer' }>;

/**
 * Returns the changelogs in order, with the texts that pointers stand for. Throws Outage('git-host'), and what the
 * disk throws.
 */
export async function readThroughLfs(
  deps: Pick<ChangelogDeps, 'lfs' | 'workspace'>,
  run: Run,
  read: readonly ReadChangelog[],
): Promise<readonly ReadText[]> {
  if (!read.some(({ kind }) => kind === 'pointer')) return read.filter((item) => item.kind !== 'pointer');
  const folder = await deps.workspace.createFolder(run.signal);
  try {
    const texts: ReadText[] = [];
    for (const [index, item] of read.entries()) {
      if (item.kind !== 'pointer') texts.push(item);
      else if (item.pointer.bytes > changelogLimits.maxBytesEach)
        texts.push({ kind: 'unreadable', why: 'is larger than 1 MB' });
      else {
        const file = { path: `${index}.md`, ...item.pointer };
        await folder.write(file.path, '');
        const [missing] = await deps.lfs.fetch(
          run.job.slug,
          [file],
          folder.folder,
          changelogLimits.maxBytesEach,
          run.signal,
        );
        texts.push(
          missing === undefined
            ? readText(await folder.read(file.path))
            : { kind: 'unreadable', why: `${item.why} (${missing.why})` },
        );
      }
    }
    return texts;
  } finally {
    await folder.remove();
  }
}
