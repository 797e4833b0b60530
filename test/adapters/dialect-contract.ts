import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects, startDialect } from '../../sandbox/registry-dialects.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import type { Intent } from '../../src/ports/catalog.ts';
import type { Registry, Upload } from '../../src/ports/registry.ts';
import { type Found, findWhoseItIs } from '../../src/publisher/judge/read-back.ts';
import { makeTarball, openRegistry, uploadOf } from './registry-fixtures.ts';
import { type RegistryWorld, startRegistryWorld } from './registry-world.ts';

export type DialectName = keyof typeof dialects;

const never = new AbortController().signal;

/** Checks what a publish relies on, at a registry that speaks each of these dialects. */
export function itPublishesIn(names: readonly DialectName[]): void {
  let world: RegistryWorld;
  beforeAll(async () => {
    world = await startRegistryWorld();
  });
  afterAll(async () => world.stop());

  describe.each(names)('a registry with %s', (name) => {
    it('accepts a package, shows it as ours, and not as ours when it serves other bytes', async () => {
      const { token, url } = world.verdaccio;
      const double = await startDialect(dialects[name], url, token);
      const registry = openRegistry({ url: double.url, token: () => token });
      try {
        const upload = uploadOf(await makeTarball(world.folder, 3_000));
        expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
        const found = await readUntilShown(registry, upload);
        expect(found).toMatchObject({ kind: 'ours', intent: { tarball: upload.tarball } });
        for (const bytes of [3_000, 2_999, 3_001]) {
          double.serveInstead(randomBytes(bytes));
          expect(await look(registry, upload)).toMatchObject(
            expectedOfOthers(name, bytes === upload.tarball.bytes),
          );
        }
        expect(double.leaked).toEqual([]);
      } finally {
        await registry.stop();
        await double.stop();
      }
    });
  });
}

/** A Content-Length may be the length of the encoded bytes. */
function expectedOfOthers(name: DialectName, isOurLength: boolean): object {
  if (name === 'gzipped files called encoded' && !isOurLength) return { kind: 'unreadable' };
  return { kind: 'differs', failure: { reason: 'published-copy-differs', facts: { version: '1.0.0' } } };
}

async function readUntilShown(registry: Registry, upload: Upload): Promise<Found | undefined> {
  for (let tries = 0; tries < 8; tries++) {
    const found = await look(registry, upload);
    if (found !== undefined && found.kind !== 'unreadable') return found;
  }
  return undefined;
}

async function look(registry: Registry, { name, tarball, version }: Upload): Promise<Found | undefined> {
  const shown = (await registry.findPackument(name, never))?.versions.get(version);
  const intent: Intent = {
    id: 1,
    name,
    version,
    job: 1,
    commit: 'a'.repeat(40) as CommitSha,
    path: '',
    distTag: 'latest',
    tarball,
    state: 'accepted',
    mayLandUntil: null,
  };
  const ledger = { listIntents: async () => [intent] };
  return shown && findWhoseItIs({ ledger, registry }, name, shown, never);
}
