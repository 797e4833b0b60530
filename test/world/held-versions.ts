import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { World } from '../../sandbox/world.ts';
import { readCount, readRows } from './stored-rows.ts';

/** A package in its own repository, with the versions that it needs. */
export interface Piece {
  readonly slug: string;
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Pushes and dispatches; returns the dispatch's id. */
export async function send(world: World, { dependencies, name, slug, version }: Piece): Promise<string> {
  const files = unityPackage(name, version, { folder: `Packages/${name}`, dependencies });
  const { id } = await world.dispatch(world.push({ files }, slug), { repository: slug });
  return id;
}

export async function listMissing(world: World, pieces: readonly Piece[]): Promise<readonly string[]> {
  const packuments = await Promise.all(
    pieces.map(async ({ name, version }) => ({ name, version, shown: await world.packument(name) })),
  );
  return packuments.flatMap(({ name, shown, version }) =>
    shown?.versions[version] === undefined ? [`${name}@${version}`] : [],
  );
}

/** Counts the jobs that are not over. */
export function countLive(world: World): number {
  return readCount(world, "select count(*) from jobs where status in ('queued', 'running')");
}

export interface StoredHold {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly outcome: string | null;
}

export function listHolds(world: World, name: string): readonly StoredHold[] {
  const sql = 'select name, version, state, outcome from holds where name = ? order by id';
  return readRows(world, sql, name) as StoredHold[];
}
