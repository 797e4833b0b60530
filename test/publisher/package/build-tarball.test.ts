import { describe, expect, it } from 'vitest';
import type { Tree } from '../../../src/domain/package/tree.ts';
import type { PlannedPackage } from '../../../src/publisher/judge/judgement.ts';
import { buildTarball } from '../../../src/publisher/package/build-tarball.ts';
import type { BuildDeps } from '../../../src/publisher/package/deps.ts';
import type { Run } from '../../../src/publisher/run/run.ts';

const list = (files: number): Tree =>
  Array.from({ length: files }, (_, index) => ({
    path: `Packages/Tool/Data/${index}.bytes`,
    mode: '100644',
    oid: '0'.repeat(40),
  }));

describe('a package of very many files', () => {
  const opened: string[] = [];
  const deps = {
    workspace: {
      createFolder: async () => {
        opened.push('a folder');
        throw new Error('staged');
      },
    },
  } as unknown as BuildDeps;
  const plan = { candidate: { path: 'Packages/Tool' } } as unknown as PlannedPackage;
  const run = { signal: new AbortController().signal } as unknown as Run;

  it('is refused by its list alone: nothing is opened, and no content asked for', async () => {
    const built = await buildTarball(deps, run, list(100_000), plan, []);
    const refused = { reason: 'too-many-files', facts: { files: 100_000, limit: 50_000 } };
    expect(built).toEqual({ kind: 'refused', failure: refused, findings: [] });
    expect(opened).toEqual([]);
  });

  it('is staged up to the limit', async () => {
    await expect(buildTarball(deps, run, list(50_000), plan, [])).rejects.toThrow('staged');
  });
});
