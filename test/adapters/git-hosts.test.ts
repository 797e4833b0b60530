import { describe, expect, it } from 'vitest';
import type { HostKind } from '../../sandbox/host-kind.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { commonHosts, itReadsEverything } from './git-hosts.ts';
import { id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

describe('a git host', () => {
  itReadsEverything(commonHosts);

  it.each<[string, HostKind]>([
    ['v2', { objectFormat: 'sha256' }],
    ['v0', { objectFormat: 'sha256', protocol: 0 }],
  ])(
    'that names commits by SHA-256 is refused with that reason over %s, whatever is asked',
    async (_, kind) => {
      const world = await startGitWorld({ kind });
      try {
        const commit = world.commit({ files: { a: '1' } });
        expect(commit).toHaveLength(64);
        const reason = 'object-format-unsupported';
        expect(await reasonOf(world.source().listHeads(slug, [], never))).toBe(reason);
        expect(await reasonOf(world.source().resolve({ id, slug, ref: 'main', branches: [] }, never))).toBe(
          reason,
        );
        expect(await reasonOf(world.locate('a'.repeat(40) as CommitSha))).toBe(reason);
        expect(await reasonOf(world.locate('a'.repeat(40) as CommitSha))).toBe(reason);
      } finally {
        await world.stop();
      }
    },
  );
});
