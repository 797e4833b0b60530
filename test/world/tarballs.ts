import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar';
import type { World } from '../../sandbox/world.ts';

type Manifest = Readonly<Record<string, unknown>> & { readonly dist: { readonly tarball: string } };

/** What the registry says of this version. */
export async function manifestOf(world: World, name: string, version = '1.0.0'): Promise<Manifest> {
  const packument = (await world.packument(name)) as unknown as { versions: Record<string, Manifest> };
  const manifest = packument.versions[version];
  if (manifest === undefined) throw new Error(`${name}@${version} is not on the registry`);
  return manifest;
}

/** Paths of the files in the tarball that the registry serves. */
export async function filesOf(world: World, name: string, version = '1.0.0'): Promise<readonly string[]> {
  const { dist } = await manifestOf(world, name, version);
  const { pathname } = new URL(dist.tarball);
  const answer = await fetch(new URL(pathname, world.registry.url));
  const paths: string[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      paths.push(entry.path.replace(/^package\//, ''));
      entry.resume();
    },
  });
  await pipeline(Readable.from([Buffer.from(await answer.arrayBuffer())]), parser);
  return paths;
}
