import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar';
import type { World } from '../../sandbox/world.ts';

type Manifest = Readonly<Record<string, unknown>> & { readonly dist: { readonly tarball: string } };

/** Returns the registry's manifest of this version. */
export async function manifestOf(world: World, name: string, version = '1.0.0'): Promise<Manifest> {
  const packument = (await world.packument(name)) as unknown as { versions: Record<string, Manifest> };
  const manifest = packument.versions[version];
  if (manifest === undefined) throw new Error(`${name}@${version} is not on the registry`);
  return manifest;
}

/** Returns the paths of the files in the tarball that the registry serves. */
export async function filesOf(world: World, name: string, version = '1.0.0'): Promise<readonly string[]> {
  return [...(await contentsOf(world, name, version)).keys()];
}

/** Returns the files of the tarball by path. */
export async function contentsOf(
  world: World,
  name: string,
  version = '1.0.0',
): Promise<ReadonlyMap<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const reading: Promise<void>[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      const path = entry.path.replace(/^package\//, '');
      contents.set(path, Buffer.alloc(0));
      reading.push(entry.concat().then((bytes) => void contents.set(path, Buffer.from(bytes))));
    },
  });
  await pipeline(Readable.from([await tarballOf(world, name, version)]), parser);
  await Promise.all(reading);
  return contents;
}

/** Returns the tarball that the registry serves. */
export async function tarballOf(world: World, name: string, version = '1.0.0'): Promise<Buffer> {
  const { dist } = await manifestOf(world, name, version);
  const { pathname } = new URL(dist.tarball);
  const answer = await fetch(new URL(pathname, world.registry.url));
  return Buffer.from(await answer.arrayBuffer());
}
